"""Whether a product is supported: license, version, operating system, kind of issue.

Every rule that the question concerns is asked; the first that refuses is the answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from docket_policies.eligibility.choice_of_pack import of_its_product
from docket_policies.eligibility.conditions import condition_findings
from docket_policies.eligibility.editions import edition_of
from docket_policies.eligibility.entitlement import release_entitlement
from docket_policies.eligibility.finding import Finding
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.eligibility.scope import depends_on_phase, kind_finding, scope_of
from docket_policies.eligibility.systems import system_finding, systems_of
from docket_policies.eligibility.versions import version_finding, versions_of
from docket_policies.terms.editions import Edition


def eligibility(question: Question) -> Mapping[str, Any]:
    """Answer whether an issue is supported, by which clause, and the finding of every rule asked.

    Fields: product, installed, releases, ticket_date, os, edition, kind, license_until and the
    like; `release_date` asks whether a release may be installed instead. Raises Unanswerable.
    """
    if question.says("release_date"):
        return release_entitlement(question)
    edition, question = edition_of(question), of_its_product(question)
    findings = tuple(_findings(question, edition))
    if not findings:
        raise Unanswerable(
            "nothing_to_judge", "give installed, os and edition, kind, or license_until"
        )
    against = [finding for finding in findings if not finding.supported]
    deciding = against[0] if against else findings[-1]
    more = {key: value for finding in findings for key, value in finding.more.items()}
    return {
        **more,
        **deciding.more,
        "supported": not against,
        "clause": deciding.clause if against else _agreed(edition, question, deciding),
        "findings": [{"clause": f.clause, "supported": f.supported} for f in findings],
    }


def _findings(question: Question, edition: Edition) -> Iterator[Finding]:
    yield from condition_findings(question, edition)
    versions, scope = versions_of(edition), scope_of(edition)
    phase = question.text("phase") if question.says("phase") else None
    if phase not in (None, "up_to_date", "outdated"):
        raise Unanswerable("field_wrong", "phase: give up_to_date or outdated")
    if versions is not None and question.says("installed"):
        finding = version_finding(question, versions)
        if finding is not None:
            phase = "up_to_date" if finding.supported else "outdated"
            if not depends_on_phase(question, scope):
                yield finding
    systems = systems_of(edition)
    if systems is not None and question.says("os"):
        of_system = system_finding(question, systems)
        if of_system is not None:
            yield of_system
    if scope is not None and question.says("kind"):
        yield kind_finding(question, scope, phase)


def _agreed(edition: Edition, question: Question, last: Finding) -> str:
    """Return the clause of a positive answer: that of version and system where both were asked."""
    systems = systems_of(edition)
    if systems is not None and question.says("os") and question.says("installed"):
        return systems.together
    return last.clause

"""`docket terms docs`: the page that the customers of a pack could read."""

from docket_cli import output
from docket_cli.packs.pack_files import Json, Where, pack_of
from docket_terms.page import page_of


def docs(path: Where, json: Json = False) -> None:
    """Print what a pack promises as a page of Markdown.

    Example: docket terms docs examples/terms/update-cadence
    """
    with output.errors():
        pack = pack_of(path)
    page = page_of(pack)
    if json:
        output.print_json({"pack": pack.name, "edition": pack.edition, "page": page})
        return
    for each in page.splitlines():
        output.line(each)

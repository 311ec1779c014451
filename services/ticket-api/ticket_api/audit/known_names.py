"""Names that a question gives and that the log must know, so that no answer is empty by mistake."""

from sqlalchemy import exists, select
from starlette.requests import Request as HttpRequest

from docket_runtime.schema.tables import tickets
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.reader import reader_of


async def refuse_unknown_account(http: HttpRequest, asker: Principal, account: str | None) -> None:
    """Raise Problem 422 for an account of which the log has no ticket and no event."""
    if account is None:
        return
    async with runtime_of(http).engine.connect() as connection:
        found = select(exists().where(tickets.c.account_id == account))
        if (await connection.execute(found)).scalar_one():
            return
    _, history = await reader_of(http).account_history(account, asker)
    if not history:
        raise Problem(422, "unknown_account", f"the log has nothing of an account {account!r}")

"""What somebody may ask for: the commands, one value each; a module holds those about one thing.

Texts and files are in the content store; a command carries references to them, so that the rules
never see personal data. The verb of a command in the API, in the packs and in the documents is its
name in kebab-case.
"""

from docket_events.codec import kebab
from docket_lifecycle.commands.closing import *
from docket_lifecycle.commands.contents import *
from docket_lifecycle.commands.conversation import *
from docket_lifecycle.commands.division import *
from docket_lifecycle.commands.excuses import *
from docket_lifecycle.commands.opening import *
from docket_lifecycle.commands.suspension import *
from docket_lifecycle.commands.triage import *
from docket_lifecycle.commands.work import *

TicketCommand = (
    TriageCommand
    | ConversationCommand
    | SuspensionCommand
    | WorkCommand
    | ClosingCommand
    | Erase
    | ExcuseBreach
)
"""The commands on one ticket that exists."""

OnTicket = TicketCommand | Split | Merge
"""All commands on a ticket that exists; the last two also concern others."""

Command = Create | OnTicket


def verb_of(command: Command | type[Command]) -> str:
    """Return the command's verb, as in `POST /v1/tickets/{id}/<verb>` and in the packs."""
    kind = command if isinstance(command, type) else type(command)
    return kebab(kind.__name__)

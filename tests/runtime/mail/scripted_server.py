"""A mail server that answers each step of the conversation as a test has written it down."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

USUAL = {
    "greeting": "220 here",
    "EHLO": "250 hello",
    "HELO": "250 hello",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "end": "250 kept",
    "RSET": "250 ok",
}
HANGS_UP = "hangs up"


class ScriptedServer:
    """Keeps what it was sent; `answers` replace the usual ones, by the name of the step.

    With `tls` it is able to go over to TLS; what it was told in the clear is kept apart.
    """

    def __init__(self, answers: Mapping[str, str], tls: ssl.SSLContext | None = None) -> None:
        self.answers = {**USUAL, **answers}
        self.tls = tls
        self.in_the_clear: list[str] = []
        self.mails: list[bytes] = []
        self.recipients: list[str] = []
        self.port = 0
        self.conversations: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        self.conversations.add(asyncio.current_task())
        try:
            going_on = await self._answer(writer, "greeting")
            while going_on and (line := (await reader.readline()).decode("ascii").strip()):
                verb = line[:4].upper()
                if writer.get_extra_info("sslcontext") is None:
                    self.in_the_clear.append(verb)
                if verb == "RCPT":
                    self.recipients.append(line.partition(":")[2])
                going_on = await self._answer(writer, verb)
                if verb == "STAR" and self.tls and self.answers["STAR"].startswith("220"):
                    await writer.start_tls(self.tls)
                if going_on and verb == "DATA" and self.answers["DATA"].startswith("354"):
                    self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                    going_on = await self._answer(writer, "end")
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            self.conversations.discard(asyncio.current_task())
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, step: str) -> bool:
        answer = self.answers.get(step, "502 what")
        if answer == HANGS_UP:
            return False
        writer.write(f"{answer}\r\n".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def answering(
    answers: Mapping[str, str] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    at_once: bool = False,
) -> AsyncIterator[ScriptedServer]:
    """Serve on a free port while the block runs; `at_once` is TLS from the first byte."""
    script = ScriptedServer(answers or {}, tls)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0, ssl=tls if at_once else None)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        await asyncio.gather(*script.conversations)  # each ends with the client's end

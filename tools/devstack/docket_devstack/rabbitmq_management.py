"""The management interface of a private RabbitMQ node, as its guest."""

import base64
import http.client

from docket_devstack.ports import LOOPBACK
from docket_devstack.processes import NotReady


def manage(port: int, method: str, path: str, body: bytes = b"") -> bytes:
    """Ask for something and return the body of the answer; raise NotReady where it is refused."""
    credentials = base64.b64encode(b"guest:guest").decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    if answer.status >= 300:
        raise NotReady(f"{method} {path}: {answer.status} {told.decode()}")
    return told

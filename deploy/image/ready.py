"""Exit with 0 when the service of this container is ready, else with 1 and what it says of itself.

One image is for all three services, and a container has one of them: the first of their ports that
takes a connection is asked. Without an answer there is no health.
"""

import http.client
import os
import sys

PORTS = {
    "DOCKET_TICKET_API_PORT": 8080,
    "DOCKET_SLA_CLOCK_PORT": 8081,
    "DOCKET_NOTIFIER_PORT": 8082,
}
PATIENCE_S = 4


def main() -> int:
    """Ask, and return the exit code."""
    for variable, usual in PORTS.items():
        port = int(os.environ.get(variable, usual))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.connect()
        except ConnectionRefusedError:
            continue
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        sys.stdout.write(answer.read().decode())
        return int(answer.status != http.client.OK)
    sys.stdout.write("no service listens\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Ask an implementation all questions with known answers: `python conformance COMMAND...`.

The command reads one JSON line a question on stdin and writes one JSON line an answer on stdout;
without a command it is `docket simulate`. Prints N/N a file and a reading, and what differs; exit 1
if anything does.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

from questions import FILES, Asked, questions

OURS = (sys.executable, "-m", "docket_cli", "simulate")


def main(command: Sequence[str]) -> int:
    """Ask every file's questions of one process and say how many answers are right."""
    asked = [question for file in FILES for question in questions(file)]
    lines = "".join(json.dumps(question.line) + "\n" for question in asked)
    ran = subprocess.run(  # noqa: S603 - the command is the one the caller typed
        command, input=lines, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    if len(answers) != len(asked):
        print(f"{len(asked)} lines asked, {len(answers)} lines answered")
        return 1
    wrong = 0
    for file in FILES:
        verdicts = [
            (question, ask, right)
            for question, answer in zip(asked, answers, strict=True)
            if question.file == file
            for ask, right in enumerate(question.right(answer))
        ]
        print(f"{file}: {sum(right for _, _, right in verdicts)}/{len(verdicts)}")
        wrong += sum(not right for _, _, right in verdicts)
    _tell_readings(asked, answers)
    for question, answer in zip(asked, answers, strict=True):
        _tell(question, answer)
    return int(wrong > 0)


def _tell_readings(asked: Sequence[Asked], answers: Sequence[dict[str, list[object]]]) -> None:
    """Print how many answers of the scenarios of each reading are right."""
    held, told = Counter[str](), Counter[str]()
    for question, answer in zip(asked, answers, strict=True):
        for right in question.right(answer):
            told.update(question.readings)
            held.update(question.readings if right else ())
    print("readings: " + ", ".join(f"{name} {held[name]}/{told[name]}" for name in sorted(told)))


def _tell(question: Asked, answer: dict[str, list[object]]) -> None:
    for number, right in enumerate(question.right(answer)):
        if not right:
            got = answer.get("answers", [answer] * (number + 1))[number]
            print(f"  {question.line['id']}: {json.dumps(question.line['asks'][number])}")
            print(f"    expected {json.dumps(question.expected[number])}")
            print(f"    answered {json.dumps(got)[:600]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or OURS))

"""Change the code in small ways and see whether a test notices: `make mutants`.

Draws mutations of each package of packages.toml by a seed that is printed, runs the tests against
each in a copy of the project, and prints those that nothing noticed. Killed is what a test fails
for, what takes too long, or what the type checker refuses; explained is what explained.toml gives a
reason for. Exits with 1 if fewer than FLOOR percent of all are killed or explained; the aim is 95.
"""

import argparse
import json
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from random import Random, SystemRandom
from typing import Any

from copies import Copy
from mutations import Mutation, drawn
from selection import Selection

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
KEPT = PROJECT / ".local" / "mutants"
FLOOR = 90.0
OUTCOMES = ("tests", "timeout", "types", "explained", "survived")


def main() -> int:
    """Run with the options of the command line; return the exit code."""
    options = _options()
    seed = options.seed if options.seed is not None else SystemRandom().randrange(10**6)
    packages = [
        package
        for package in tomllib.loads((HERE / "packages.toml").read_text("utf-8"))["package"]
        if not options.package or any(part in package["path"] for part in options.package)
    ]
    print(f"seed {seed}, {options.sample} mutations of each package", flush=True)
    copies = [Copy(PROJECT, number) for number in range(options.workers)]
    scores: dict[str, Counter[str]] = {}
    try:
        for package in packages:
            mutations = drawn(
                PROJECT / package["path"], Random(f"{seed} {package['path']}"), options.sample
            )
            scores[package["path"]] = _score(package, mutations, copies, reuse=options.reuse)
    finally:
        for copy in copies:
            copy.close()
    share = _print_scores(scores)
    print(f'again: make mutants ARGS="--seed {seed} --sample {options.sample}"')
    return 0 if share >= FLOOR else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Change the code and see whether a test notices.")
    parser.add_argument("--seed", type=int, help="draw the same mutations again")
    parser.add_argument("--sample", type=int, default=30, help="mutations of each package (30)")
    parser.add_argument("--workers", type=int, default=2, help="copies that run side by side (2)")
    parser.add_argument("--package", action="append", help="only packages with this in their path")
    parser.add_argument(
        "--reuse", action="store_true", help="which test executes what as the last run measured it"
    )
    return parser.parse_args()


def _score(
    package: dict[str, Any], mutations: list[Mutation], copies: list[Copy], *, reuse: bool
) -> Counter[str]:
    tests = Selection(PROJECT, package)
    measured = _measured(package["path"], tests, copies[0], reuse=reuse)
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        copy.load(measured["libraries"])
        free.put(copy)
    timeout = 60 + 5 * sum(measured["seconds"].values())

    def judged(mutation: Mutation) -> str:
        if _is_explained(package["path"], mutation):
            return "explained"
        copy = free.get()
        try:
            return copy.judge(mutation, tests.runs(measured, mutation), timeout)
        finally:
            free.put(copy)

    score: Counter[str] = Counter()
    with ThreadPoolExecutor(len(copies)) as threads:
        try:
            for mutation, outcome in zip(mutations, threads.map(judged, mutations), strict=True):
                score[outcome] += 1
                _print_outcome(mutation, outcome)
        except BaseException:
            # whoever ends the run does not wait for what is under way
            threads.shutdown(wait=False, cancel_futures=True)
            for copy in copies:
                copy.close()
            raise
    return score


def _print_outcome(mutation: Mutation, outcome: str) -> None:
    where = f"{mutation.path.relative_to(PROJECT)}:{mutation.line} {mutation.operator}"
    print(f"{outcome:10}{where}", file=sys.stderr, flush=True)
    if outcome == "survived":
        print(f"\n{where}\n- {mutation.was}\n+ {mutation.becomes}", flush=True)


def _measured(name: str, tests: Selection, copy: Copy, *, reuse: bool) -> dict[str, Any]:
    kept = KEPT / f"{name.replace('/', '.')}.json"
    if not (reuse and kept.exists()):
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(copy.measure(Path(name), tests.near)))
    return dict(json.loads(kept.read_text()))


def _is_explained(package: str, mutation: Mutation) -> bool:
    known = tomllib.loads((HERE / "explained.toml").read_text("utf-8")).get("equivalent", [])
    key = (package, mutation.was, mutation.becomes)
    return any((each["package"], each["was"], each["becomes"]) == key for each in known)


def _print_scores(scores: dict[str, Counter[str]]) -> float:
    print(f"\n{'':36}" + "".join(f"{name:>10}" for name in (*OUTCOMES, "score")))
    total = sum(scores.values(), Counter())
    for name, score in (*scores.items(), ("all", total)):
        figures = "".join(f"{score[each]:>10}" for each in OUTCOMES)
        print(f"{name:36}{figures}{_share(score):>8.1f} %")
    return _share(total)


def _share(score: Counter[str]) -> float:
    return 100 - 100 * score["survived"] / max(1, score.total())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    try:
        sys.exit(main())
    except subprocess.SubprocessError as broken:
        sys.exit(str(broken))

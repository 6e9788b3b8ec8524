"""All faults at their full counts, or those named: a Markdown table on stdout, progress and failures on stderr.

python -m tests.faults [--short] [NAME ...]
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
import unittest
from pathlib import Path

from tests.faults import NAMES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="the counts of `make test`")
    parser.add_argument("name", nargs="*", choices=[*NAMES, []], help=f"default: all of {', '.join(NAMES)}")
    options = parser.parse_args()
    print("| fault | tried | what happened | seconds |\n|---|---|---|---|", flush=True)
    failed = 0
    for name in options.name or NAMES:
        failed += _try(name, options.short)
    return 1 if failed else 0


def _try(name: str, is_short: bool) -> int:
    """Prints the fault's row; gives the number of failures."""
    fault = importlib.import_module(f"tests.faults.{name}")
    count = fault.SHORT if is_short else fault.FULL
    print(f"{name}: {count} times", file=sys.stderr, flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as root:
        try:
            tally = fault.run(count, Path(root))
        except unittest.SkipTest as reason:
            print(f"| {fault.TITLE} | 0 | skipped: {reason} | 0 |", flush=True)
            return 0
    for failure in tally.failures:
        print(f"  FAILED {failure}", file=sys.stderr)
    passed = f"**{len(tally.failures)} failed**" if tally.failures else "none failed"
    print(f"| {fault.TITLE} | {count:,} | {tally}; {passed} | {time.monotonic() - started:.0f} |", flush=True)
    return len(tally.failures)


if __name__ == "__main__":
    sys.exit(main())

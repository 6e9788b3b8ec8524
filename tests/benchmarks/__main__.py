"""The benchmarks as a Markdown table on stdout, progress on stderr.

python -m tests.benchmarks [--scale 0.1] [--times 5] [--at FOLDER] [NAME ...]
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import APART, NAMES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=0.1, help="1 is the full size, default 0.1")
    parser.add_argument("--times", type=int, default=5, help="runs of each way, default 5")
    parser.add_argument("--at", type=Path, help="keep the generated exports here, for the next time")
    parser.add_argument(
        "name", nargs="*", choices=[*NAMES, *APART, []], help=f"default: {', '.join(NAMES)}; else {', '.join(APART)}"
    )
    options = parser.parse_args()
    print(f"Scale {options.scale:g}, median of {options.times}, {os.cpu_count()} cores\n")
    print("| what | ours | reference | ratio | goal |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as own:
        folder = options.at or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        for name in options.name or NAMES:
            print(name, file=sys.stderr, flush=True)
            for row in importlib.import_module(f"tests.benchmarks.{name}").rows(folder, options.scale, options.times):
                print(row, flush=True)


if __name__ == "__main__":
    main()

"""`make audit`: known vulnerabilities of the locked packages, by pip-audit, which lives in an environment of its own.

Not here: which versions are locked. Where the vulnerability data cannot be reached nothing is proven, and that is said.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingestion.settings import CHECKOUT

LOCK = CHECKOUT / "requirements.lock"
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2


def main(executable: str, lock: Path = LOCK) -> int:
    """Prints one line per vulnerability, or the one line that says how it went; returns the exit code."""
    options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run([executable, *options, "-r", str(lock)], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = " ".join(done.stderr.split())[-300:]
        print(f"audit: nothing is known, pip-audit did not answer: {said or 'no message'}", file=sys.stderr)
        return UNKNOWN
    return report(packages, lock.name)


def report(packages: list[dict[str, Any]], lock: str) -> int:
    """`packages`: what pip-audit's JSON says of each. One that its index does not know counts as not audited."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [(package, one) for package in packages for one in package.get("vulns", [])]
    for package, one in found:
        mended = ", ".join(one["fix_versions"]) or "no version yet"
        names = " ".join([one["id"], *one.get("aliases", [])])
        print(f"{package['name']} {package['version']}: {names}, mended in {mended}")
    if len(skipped) == len(packages):
        reason = "the package index here gives no vulnerability data; run it against an index that does"
        print(f"audit: none of the {len(packages)} packages of {lock} could be judged: {reason}", file=sys.stderr)
        return UNKNOWN
    if skipped:
        print(f"audit: not judged, as the index does not know them: {', '.join(skipped)}", file=sys.stderr)
    if found:
        print(f"audit: {len(found)} known vulnerabilities in {lock}", file=sys.stderr)
        return VULNERABLE
    print(f"audit: no known vulnerability in {len(packages) - len(skipped)} packages of {lock}", file=sys.stderr)
    return UNKNOWN if skipped else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

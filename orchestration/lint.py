"""`make lint`, the half that ruff does not do: dbt parses the project, deprecations are errors.

Not here: house rules over the manifest, which are tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ingestion.settings import Settings
from orchestration.lib.dbt import COMMAND, PROJECT, write_profile
from orchestration.lib.home import QUIET

STRICT = '{"error": ["Deprecations", "NoNodesForSelectionCriteria"]}'


def main() -> int:
    """Parse in a folder that is thrown away, so that neither a home nor an earlier parse has a say."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), landing_url=folder)
        write_profile(settings)
        command = [*COMMAND, "--quiet", "--warn-error-options", STRICT]
        command += ["parse", "--no-partial-parse", "--project-dir", PROJECT, "--profiles-dir", settings.dbt_dir]
        command += ["--target-path", settings.tmp, "--log-path", settings.tmp]
        done = subprocess.run([str(part) for part in command], env={**os.environ, **QUIET}, check=False)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())

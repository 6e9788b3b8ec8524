"""The restore drill: the back-up that README describes, the home destroyed, restored elsewhere, and a night on it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from ingestion.settings import CHECKOUT
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF


def table_hashes(home: Path) -> dict[str, str]:
    tables = json.loads((home / "published" / "current" / "manifest.json").read_text())["tables"]
    return {name: table["hash"] for name, table in tables.items()}


def readme_command(first_words: str) -> str:
    """The one line of README that begins so."""
    (line,) = re.findall(rf"^{re.escape(first_words)}.*$", (CHECKOUT / "README.md").read_text(), re.MULTILINE)
    return line


def test_a_home_restored_elsewhere_publishes_the_same_tables(home_after_first_night, tmp_path):
    home, elsewhere, archive = home_after_first_night, tmp_path / "elsewhere", tmp_path / "backup.tgz"
    before = table_hashes(home)
    elsewhere.mkdir()
    places = {"var/": f"{home}/", "-C var": f"-C {home}", "-C restored": f"-C {elsewhere}", "backup.tgz": str(archive)}
    for first_words in ("flock var/run.lock tar", "tar -C restored"):
        command = readme_command(first_words)
        for shown, real in places.items():
            command = command.replace(shown, real)
        subprocess.run(command, shell=True, check=True)
        if home.exists():
            shutil.rmtree(home)
    outcome = run_nightly(Options(home=elsewhere, as_of=AS_OF))
    assert outcome.published, outcome.error
    assert outcome.rows_read == 0  # what was loaded is known, whatever the path
    assert table_hashes(elsewhere) == before
    assert (elsewhere / "pii.key").stat().st_mode & 0o077 == 0

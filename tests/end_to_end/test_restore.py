"""The restore drill: README's own lines back a home up and, after it is destroyed, restore it; then a night on that."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ingestion.settings import CHECKOUT, load_settings
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF
from tests.helpers import table_hashes


def readme_lines() -> tuple[list[str], list[str]]:
    """Commands of *Back-up and restore*: to back up, and to restore but for the run at their end."""
    _, section = (CHECKOUT / "README.md").read_text().split("\n## Back-up and restore\n")
    back_up, restore = re.findall(r"^```\n(.*?)^```$", section.split("\n## ")[0], re.MULTILINE | re.DOTALL)
    *restore_lines, run = restore.splitlines()
    assert run == ".venv/bin/support-kpis run --home restored"
    return back_up.splitlines(), restore_lines


def shell(lines: list[str], place: Path) -> None:
    """In a folder with the home `var` in it; keys go to the folder `keys` beside."""
    (place / "keys").mkdir(exist_ok=True)
    environment = {**os.environ, "KEYS": str(place / "keys")}
    subprocess.run(["sh", "-euc", "umask 022\n" + "\n".join(lines)], cwd=place, env=environment, check=True)


@pytest.mark.long
def test_a_home_restored_elsewhere_publishes_the_same_tables(home_after_first_night, tmp_path):
    back_up, restore = readme_lines()
    before = table_hashes(home_after_first_night)
    home_after_first_night.rename(tmp_path / "var")
    shell(back_up, tmp_path)
    shutil.rmtree(tmp_path / "var")
    shell(restore, tmp_path)
    for made in (*tmp_path.glob("*.tgz"), tmp_path / "keys" / "pii.key", tmp_path / "restored" / "pii.key"):
        assert made.stat().st_mode & 0o077 == 0, made
    outcome = run_nightly(Options(home=tmp_path / "restored", as_of=AS_OF))
    assert outcome.published, outcome.error
    assert outcome.rows_read == 0  # what was loaded is known, whatever the path
    assert table_hashes(tmp_path / "restored") == before


def test_neither_a_key_from_outside_nor_exports_elsewhere_stop_the_rest(tmp_path):
    outside = {"SUPPORT_KPIS_PII_KEY": "k" * 32, "SUPPORT_KPIS_LANDING_URL": str(tmp_path / "elsewhere")}
    load_settings(home=tmp_path / "var", env=outside).prepare_home()
    back_up, restore = ([line for line in lines if "# " not in line] for lines in readme_lines())
    shell(back_up, tmp_path)
    shell(restore, tmp_path)
    assert {path.name for path in (tmp_path / "restored").iterdir()} == {"config", "state", "lake", "quarantine"}

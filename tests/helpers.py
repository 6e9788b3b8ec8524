"""What tests of several folders share and is no fixture: the command line, published hashes, the held lock, a browser,
data beside the checkout."""

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.settings import CHECKOUT, load_settings
from orchestration.lib import dbt

#: Exports and figures that stand beside the authors' checkout only; nothing of them is copied into the repository.
SHARED = CHECKOUT.parent / "shared"
SHARED_DATA = SHARED / "data"
needs_shared_data = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="no folder `shared/data` beside the checkout")

CHROMIUM = os.environ.get("SUPPORT_KPIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here (Debian: apt-get install chromium)")

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.lib.run_lock import hold
with hold(Path(sys.argv[1]), wait_seconds=0, run_id="the-other-run"):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def support_kpis(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The console script with these arguments, as a user would call it."""
    command = [sys.executable, "-m", "orchestration.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=dict(os.environ), check=False)


@contextmanager
def chromium():
    """A browser of Playwright's, over the Chromium that is installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A container has no user namespaces to build Chromium's sandbox from; the pages are our own.
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def table_hashes(home: Path) -> dict[str, str]:
    """Table -> hash of its content, of the version that a home publishes."""
    tables = json.loads((home / "published" / "current" / "manifest.json").read_text())["tables"]
    return {name: table["hash"] for name, table in tables.items()}


def start_holder(lock: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that holds the run lock as `the-other-run`. The caller ends it."""
    command = [sys.executable, "-c", HOLDER, str(lock), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert process.stdout.readline() == "held\n"
    return process


def listed_kpis() -> dict[str, set[str]]:
    """kpi_id -> dimensions of tests/fixtures/catalogue.csv, the catalogue's list kept by hand."""
    with (Path(__file__).parent / "fixtures" / "catalogue.csv").open() as file:
        return {row["kpi_id"]: set(row["dimensions"].split()) for row in csv.DictReader(file)}


def published_keys(home: Path) -> dict[str, list[str]]:
    """The published tables and the columns that tell their rows apart."""
    settings = load_settings(home=home, env={})
    settings.prepare_home()
    dbt.write_profile(settings)
    manifest = dbt.manifest(settings)
    return dbt.keys_of(manifest, dbt.published_models(manifest))

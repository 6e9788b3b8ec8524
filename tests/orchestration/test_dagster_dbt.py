"""What dagster-dbt is given of dbt."""

import subprocess
import sys

from ingestion.settings import CHECKOUT

IMPORTS = """
import sys
from orchestration.lib import dagster_dbt
from orchestration.defs import transform

print(sorted(name for name in sys.modules if name.split(".")[0] == "dbt"))
import dbt.version
print(dbt.version.__version__ > "1")
"""


def test_no_process_of_ours_imports_dbt_for_it_and_each_still_may():
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.splitlines() == ["[]", "True"]

"""How dbt is called."""

import subprocess
import sys

from ingestion.settings import CHECKOUT

SAYS = """
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from orchestration.lib import dbt_child

dbt_child.cli = lambda prog_name: None
dbt_child.main()
for home, memory in (("/a", "1GB"), ("/b", "2GB")):
    limits = {"memory_limit": memory, "temp_directory": home}
    options = {"path": f"{home}/warehouse.duckdb", "schema": "main", "config_options": limits}
    print(sorted(DuckDBCredentials.from_dict(DuckDBCredentials.translate_aliases(options)).connection_info()))
"""


def test_where_a_warehouse_lies_is_no_reason_to_read_the_project_anew():
    """dbt compares what this prints with that of the call before."""
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    one, other = done.stdout.splitlines()
    assert one == other and "('database', 'warehouse')" in one

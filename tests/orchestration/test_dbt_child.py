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


FIRES = """
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import Note
from dbt_common.events.base_types import EventLevel
from orchestration.lib import dbt_child

dbt_child.cli = lambda prog_name: None
dbt_child.main()
manager = EventManager()
manager.add_callback(lambda event: print(event.info.level, event.data.msg))
for level in (EventLevel.DEBUG, EventLevel.INFO, EventLevel.WARN):
    manager.fire_event(Note(msg="one"), level)
    manager.fire_or_defer_event(Note(msg="other"), level=level)
"""


def test_debug_events_alone_are_left_out():
    done = subprocess.run([sys.executable, "-c", FIRES], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.splitlines() == [f"{level} {said}" for level in ("info", "warn") for said in ("one", "other")]

"""dbt's own command line, as this project calls it: `python -m orchestration.lib.dbt_child build …`.

dbt keeps what it has read of a project, and reads all of it anew (seconds) where the connection differs from the one it
was read for. Where a warehouse lies and how much memory it may take changes no model: here only its names count.
"""

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.cli.main import cli


def main() -> None:
    DuckDBCredentials._connection_keys = lambda credentials: ("database", "schema", "settings")
    cli(prog_name="dbt")


if __name__ == "__main__":
    main()

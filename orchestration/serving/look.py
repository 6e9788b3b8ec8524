"""Looking at a server without changing it, for `support-kpis doctor`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from orchestration.serving.place import Place, connected, driver
from orchestration.serving.there import look

_MAY_CREATE = "select has_database_privilege(current_database(), 'create')"
_MAY_CHANGE = "select has_schema_privilege(%s, 'create')"


@dataclass(frozen=True)
class Looked:
    """`run_id`: the version that is served there. `fault`: what keeps one from being served, in one line."""

    run_id: str | None = None
    fault: str | None = None


def looked_at(place: Place) -> Looked:
    """Raises ConfigError without the driver."""
    try:
        with closing(connected(place)) as server:
            there = look(server, place.schema)
            asked = (_MAY_CHANGE, [place.schema]) if there.is_there else (_MAY_CREATE, [])
            (may,) = server.execute(*asked).fetchone()
    except driver().Error as error:
        return Looked(fault=place.told(error))
    if not may:
        told = f"make tables in the schema {place.schema}" if there.is_there else "create a schema in this database"
        return Looked(there.run_id, f"the server's user may not {told}")
    return Looked(there.run_id)

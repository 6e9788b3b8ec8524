"""Inbound customer calls as seen at `as_of`, with wait, short abandon, team and threshold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tests.reference import mapping
from tests.reference.seeing import entities
from tests.reference.turns import seconds_between
from tests.reference.world import World

STAGES = ("greeting", "ivr", "queue", "agent")


@dataclass(frozen=True)
class Call:
    """`wait`: seconds from queue entry to the agent, or to leaving; null without either. `threshold`: T in seconds."""

    row: dict
    wait: Fraction | None
    is_short_abandon: bool
    team: str | None
    threshold: int

    @property
    def is_offered(self) -> bool:
        """Calls that only hear the closed announcement are not offered."""
        return self.row["outcome"] != "closed"

    @property
    def is_answered(self) -> bool:
        return self.row["outcome"] == "answered"

    @property
    def is_abandoned(self) -> bool:
        return self.row["outcome"] == "abandoned"

    @property
    def is_queued(self) -> bool:
        return self.row.get("queued_at") is not None

    def is_within(self, seconds: int) -> bool:
        return self.wait is not None and self.wait <= seconds

    def reached(self, stage: str) -> bool:
        """A call reached every stage up to its last one; a closed call reached none."""
        return self.is_offered and STAGES.index(self.row["stage_reached"]) >= STAGES.index(stage)


def calls_at(world: World) -> list[Call]:
    """Inbound calls whose last known instant is not later than `as_of`."""
    found = []
    for entity in entities(world.rows("calls"), ("call_id",), "updated_at", world.as_of):
        row = entity.row
        if row["direction"] == "inbound" and last_known_instant(row) <= world.as_of:
            found.append(_call(world, row))
    return found


def last_known_instant(row: dict) -> datetime:
    instants = [row.get(name) for name in ("arrived_at", "queued_at", "answered_at", "ended_at")]
    if row.get("answered_at") is not None and row.get("talk_seconds") is not None:
        instants.append(row["answered_at"] + timedelta(seconds=float(row["talk_seconds"])))
    return max(instant for instant in instants if instant is not None)


def _call(world: World, row: dict) -> Call:
    left_at = row.get("answered_at") or (None if row["outcome"] == "answered" else row.get("ended_at"))
    queued_at = row.get("queued_at")
    wait = seconds_between(queued_at, left_at) if queued_at and left_at else None
    is_short = row["outcome"] == "abandoned" and wait is not None and wait < world.settings["short_abandon_seconds"]
    threshold = mapping.queue_row(world, row)["service_level_seconds"]
    if threshold is None:
        threshold = world.settings["service_level_seconds"]
    return Call(row, wait, is_short, mapping.call_team(world, row), threshold)

"""What can befall a pull: faults of the vendor, rows that change meanwhile, forgotten cursors, a kill at any moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from ingestion.pulls import pull as module
from ingestion.pulls.client import Client
from ingestion.pulls.positions import Positions
from tests.pulls.accounts import PullingHome
from tests.pulls.server import Answer, Faults, Request

#: Records of each container: enough for some pages, few enough for a hundred pulls.
RECORDS = 130
NIGHTS = 200


class KilledError(BaseException):
    """The process ends here; nothing behind this line happens."""


def make_small(home: PullingHome) -> None:
    """Few records, that a hundred pulls take minutes; some pages of them."""
    size = home.vendor.page_size
    home.vendor.records = {name: rows[: 10 * size if size else RECORDS] for name, rows in home.vendor.records.items()}


def pull_interrupted(home: PullingHome, seed: int) -> dict[str, int]:
    """Pulls night after night until one comes to its end by itself; how often what happened."""
    chance = random.Random(seed)
    happened = {"killed": 0, "given up": 0, "changed": 0, "forgotten": 0}
    home.server.faults = Faults(chance, rate=0.2)
    home.server.answer = _restless(home, chance, happened)
    with _killed_by_chance(chance, happened):
        for _ in range(NIGHTS):
            try:
                found = home.pull()
            except KilledError:
                continue
            errors = [one.error for one in found.values() if one.error]
            happened["given up"] += len(errors)
            if not errors:
                break
        else:
            raise AssertionError(f"no night of {NIGHTS} came to its end")
    home.server.faults = Faults(chance, rate=0.0)
    home.server.answer = home.vendor.answer
    home.server.clock.sleep(3600)
    assert not [one.error for one in home.pull().values() if one.error]
    return happened


def _restless(home: PullingHome, chance: random.Random, happened: dict[str, int]) -> Callable[[Request], Answer]:
    """The account changes between two requests, at most as often as it has pages, else nobody could catch up."""

    def answer(request: Request) -> Answer:
        if home.vendor.changing and happened["changed"] < 40 and chance.random() < 0.3:
            happened["changed"] += 1
            home.vendor.touch()
        if home.vendor.has_cursors and happened["forgotten"] < 5 and chance.random() < 0.05:
            happened["forgotten"] += 1
            home.vendor.forgets += 1
        return home.vendor.answer(request)

    return answer


@contextmanager
def _killed_by_chance(chance: random.Random, happened: dict[str, int], most: int = 12) -> Iterator[None]:
    """Before or after a request, a page's write, a commit of the position."""

    def deadly(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            dies = happened["killed"] < most and chance.random() < 0.2
            happened["killed"] += dies
            if dies and chance.random() < 0.5:
                raise KilledError
            result = original(*given, **named)
            if dies:
                raise KilledError
            return result

        return run

    with (
        patch.object(Client, "page", deadly(Client.page)),
        patch.object(Positions, "put", deadly(Positions.put)),
        patch.object(module, "_write", deadly(module._write)),
    ):
        yield

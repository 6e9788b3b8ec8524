"""Who comes when: a non-homogeneous Poisson process by hour and weekday, per channel, phone site and marketplace order.

Belongs here: counts and instants of first contacts, and the customers behind them.
Does not belong here: what happens to a contact afterwards.
"""

from random import Random

import numpy as np

from ingestion.simulator.incidents import Incident, Kind, active
from ingestion.simulator.output import DAY, Calendar
from ingestion.simulator.world import CHANNELS, MARKETPLACES, PHONE_SITES

# Relative weight of each hour (UTC): people write in the evening too; phones ring from 8 to 20.
_WRITING = np.array([2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 7, 7, 7, 7, 7, 7, 8, 9, 9, 8, 6, 4], dtype=float)
_CALLING = np.array([0] * 8 + [7, 10, 11, 10, 8, 8, 9, 10, 9, 7, 5, 4] + [0] * 4, dtype=float)
_CALLING_ANY_TIME = _CALLING + np.array([0.05] * 7 + [0.5] + [0] * 12 + [0.5, 0.3, 0.1, 0.1])
# Monday first; each mean is 1.
_WRITING_DAYS = (1.16, 1.08, 1.04, 1.0, 1.0, 0.88, 0.84)
_CALLING_DAYS = (1.3, 1.18, 1.1, 1.1, 1.2, 1.0, 0.12)
# Part of the contacts comes back by itself (redialled, written again), the rest arrives here.
_BASE_SHARE = 0.93


class Customers:
    """Numbers of customers; some of them come again. A number becomes an e-mail address and a phone in `world`."""

    def __init__(self, rng: Random) -> None:
        self._rng, self.count = rng, 0

    def next(self, return_share: float = 0.35) -> int:
        """A known customer (mostly a recent one), or a new one."""
        rng = self._rng
        if self.count > 50 and rng.random() < return_share:
            return self.count - 1 - int(rng.expovariate(1 / 4000)) % self.count
        self.count += 1
        return self.count - 1


class Arrivals:
    """Draws the first contacts of a day; each instant is a whole second before the end."""

    def __init__(self, calendar: Calendar, contacts_per_day: int, seed: int, incidents: tuple[Incident, ...]) -> None:
        self._calendar, self._volume, self._incidents = calendar, contacts_per_day, incidents
        # The weekday of the end, never its date, enters: a history moved by a week is the same history.
        self._rng = np.random.default_rng([seed, calendar.weekday])

    def _instants(self, day: int, mean: float, hours: np.ndarray) -> list[int]:
        count = self._rng.poisson(mean)
        hour = self._rng.choice(24, size=count, p=hours / hours.sum())
        return sorted((day * DAY + hour * 3600 + self._rng.integers(0, 3600, size=count)).tolist())

    def _with_incidents(self, day: int, instants: list[int], mean: float, hours: np.ndarray, key: str) -> list[int]:
        for incident in self._incidents:
            overlaps = incident.start < (day + 1) * DAY and incident.end > day * DAY and key in incident.scope
            if overlaps and incident.kind is Kind.SILENT:
                instants = [t for t in instants if not incident.start <= t < incident.end]
            elif overlaps and incident.kind is Kind.SURGE:
                extra = self._instants(day, mean * (incident.amount - 1), hours)
                instants = instants + [t for t in extra if incident.start <= t < incident.end]
        return instants

    def tickets(self, day: int) -> list[tuple[int, str]]:
        """(instant, channel) of the tickets customers open on that day."""
        weight = self._volume * _BASE_SHARE * _WRITING_DAYS[self._calendar.weekday_of(day)]
        found = []
        for channel in CHANNELS:
            mean = weight * channel.share
            instants = self._with_incidents(day, self._instants(day, mean, _WRITING), mean, _WRITING, channel.key)
            found += [(t, channel.key) for t in instants]
        return found

    def calls(self, day: int) -> list[tuple[int, str]]:
        """(instant, phone site) of the inbound calls of that day; only the shop hotline hears calls out of hours."""
        weight = self._volume * _BASE_SHARE * _CALLING_DAYS[self._calendar.weekday_of(day)]
        sunday = self._calendar.weekday_of(day) == 6
        found = []
        for site, share in PHONE_SITES:
            if sunday and site != "hotline":
                continue
            hours = _CALLING_ANY_TIME if site == "hotline" else _CALLING
            mean = weight * share
            found += [(t, site) for t in self._with_incidents(day, self._instants(day, mean, hours), mean, hours, site)]
        return found

    def flood(self, day: int) -> list[tuple[int, str, str]]:
        """(instant, issue type, product) of the extra contacts of floods."""
        found = []
        for incident in self._incidents:
            if incident.kind is Kind.FLOOD and incident.start <= day * DAY < incident.end:
                issue, product = incident.scope
                found += [(t, issue, product) for t in self._instants(day, self._volume * incident.amount, _WRITING)]
        return found

    def orders(self, day: int) -> list[tuple[int, str]]:
        """(instant, marketplace) of the orders of that day."""
        weight = self._volume * 0.5 * _WRITING_DAYS[self._calendar.weekday_of(day)]
        found = []
        for name, share in MARKETPLACES:
            instants = self._instants(day, weight * share, _WRITING)
            found += [(t, name) for t in instants if active(self._incidents, Kind.SILENT, t, name) is None]
        return found

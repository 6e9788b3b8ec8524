"""asterisk/queue_log of the site `de`: one log, rotated once a week, the last file still named `queue_log`.

Belongs here: the spelling of queue_log lines. Does not belong here: when something happens.
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.output import DAY, LineFile
from ingestion.simulator.staff import shift_parts, works_on
from ingestion.simulator.world import PHONE_QUEUES, customer_phone


class AsteriskExport:
    """Collects log lines by the day they are written on; a call over midnight stands in two days."""

    def __init__(self, world, landing: Path) -> None:
        self._world, self._folder = world, landing / "asterisk" / "queue_log"
        self._lines: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._count = 0
        self._file: LineFile | None = None

    def _line(self, at: int, call: str, queue: str, agent: str, rest: str) -> None:
        if at < 0:
            self._count += 1
            text = f"{self._world.calendar.epoch(at)}|{call}|{queue}|{agent}|{rest}\n"
            self._lines[at // DAY].append((at, self._count, text))

    def contact_id(self, call) -> str:
        """The id other tools know the call by."""
        return f"asterisk/queue_log/{self._world.calendar.epoch(call.arrived)}.{call.number}"

    def call(self, call) -> None:
        """The lines of one call: entered, rung, answered or lost, ended."""
        rng, epoch = self._world.rng, self._world.calendar.epoch
        ident = f"{epoch(call.arrived)}.{call.number}"
        caller = "anonymous" if call.customer is None else customer_phone(call.customer)
        self._line(call.queued, ident, call.queue, "NONE", f"ENTERQUEUE||{caller}|1")
        if call.outcome == "abandoned":
            self._line(call.ended, ident, call.queue, "NONE", f"ABANDON|1|1|{call.ended - call.queued}")
            return
        if call.outcome == "timeout":
            self._line(call.ended, ident, call.queue, "NONE", f"EXITWITHTIMEOUT|1|1|{call.ended - call.queued}")
            return
        wait, name = call.answered - call.queued, call.agent.name
        if wait > 15 and rng.random() < 0.5:
            agents = self._world.pools["de"].agents
            missed = agents[int(rng.random() * len(agents))]
            if missed is not call.agent:
                self._line(call.answered - call.ring - 1, ident, call.queue, missed.name, "RINGNOANSWER|10000")
        self._line(
            call.answered,
            ident,
            call.queue,
            name,
            f"CONNECT|{wait}|{epoch(call.answered - call.ring)}.{call.number}1|{call.ring}",
        )
        spoken = call.ended - call.answered
        if call.transfer:
            self._line(call.ended, ident, call.queue, name, f"BLINDTRANSFER|8001|from-internal|{wait}|{spoken}|1")
        else:
            who = "COMPLETEAGENT" if rng.random() < 0.3 else "COMPLETECALLER"
            self._line(call.ended, ident, call.queue, name, f"{who}|{wait}|{spoken}|1")

    def _shifts(self, day: int) -> None:
        for position, agent in enumerate(self._world.pools["de"].agents):
            if not works_on(agent, day, self._world.calendar):
                continue
            opens = day * DAY + agent.start
            parts = shift_parts(agent, opens)
            for queue in PHONE_QUEUES["de"]:
                self._line(opens, "NONE", queue, f"PJSIP/{2001 + position}", "ADDMEMBER|")
                self._line(parts[-1][1], "NONE", queue, f"PJSIP/{2001 + position}", "REMOVEMEMBER|")
            for at, event in ((parts[0][1], "PAUSE"), (parts[1][0], "UNPAUSE")):
                # Asterisk writes one line for all queues and then one per queue.
                self._line(at, "NONE", "NONE", agent.name, f"{event}ALL|lunch")
                for queue in PHONE_QUEUES["de"]:
                    self._line(at, "NONE", queue, agent.name, f"{event}|lunch")

    def export_day(self, day: int) -> None:
        """Appends the day's lines in order of time; a new file starts after every week."""
        self._shifts(day)
        calendar = self._world.calendar
        if self._file is None:
            last_week = day >= -7
            name = "queue_log" if last_week else f"queue_log-{calendar.date(day - day % 7 + 7)}"
            self._file = LineFile(self._folder / name)
            self._file.write_text(f"{calendar.epoch(day * DAY)}|NONE|NONE|NONE|QUEUESTART|\n")
        self._file.write_text("".join(text for _, _, text in sorted(self._lines.pop(day, ()))))
        if (day + 1) % 7 == 0:
            self._file.close()
            self._file = None

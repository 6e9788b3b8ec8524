"""A ticket, its log and the state it is in after its events; vendor-neutral.

Belongs here: how an entry changes a ticket. Does not belong here: when entries happen (`tickets.py`), vendor formats.
"""

from enum import IntEnum

from ingestion.simulator.output import DAY
from ingestion.simulator.world import Agent

CLOSES_AFTER = 4 * DAY


class Step(IntEnum):
    """Kinds of entries in a ticket's log."""

    CREATE = 0
    MESSAGE = 1
    REPLY = 2
    NOTE = 3
    BOT = 4
    SOLVE = 5
    CLOSE = 6
    ESCALATE = 7
    MERGE = 8
    SPAM = 9
    DELETE = 10
    THANKS = 11


class Entry:
    """One thing that happens to a ticket. `agent` is None for customers and machines; `status` only for replies."""

    __slots__ = ("agent", "at", "number", "status", "step")

    def __init__(self, at: int, number: int, step: Step, agent: Agent | None, status: str | None) -> None:
        self.at, self.number, self.step, self.agent, self.status = at, number, step, agent, status


class Ticket:
    """A ticket and its state after the entries applied so far; instants are seconds before the end, None = not yet."""

    __slots__ = (
        "assignee", "brand", "channel", "created", "creator", "customer", "escalated_at", "first_replied",
        "first_solved", "is_merged", "issue", "number", "order", "pending", "priority", "product",
        "reached_management", "reopens", "replies", "shown_assignee", "shown_team", "solved", "source", "status",
        "steps", "tagged", "team", "turns", "updated",
    )  # fmt: skip

    def __init__(self, number: int, source: str, channel: str, team: str, customer: int, at: int, issue: int) -> None:
        self.number, self.source, self.channel, self.team = number, source, channel, team
        self.customer, self.created, self.updated, self.issue = customer, at, at, issue
        self.status, self.assignee = "new", None
        self.replies = self.reopens = self.turns = self.steps = self.brand = 0
        self.first_replied = self.first_solved = self.solved = self.escalated_at = None
        self.product = self.order = self.creator = self.priority = self.shown_assignee = None
        # `team` is where the work goes now, `shown_team` what the exports have said so far.
        self.shown_team = team
        self.is_merged = self.reached_management = False
        self.tagged = True
        self.pending: list[Entry] = []

    def due_before(self, second: int) -> list[Entry]:
        """Takes the entries before `second` out of the log, in order."""
        due = [entry for entry in self.pending if entry.at < second]
        if len(due) == len(self.pending):
            self.pending = []
        else:
            self.pending = [entry for entry in self.pending if entry.at >= second]
        due.sort(key=lambda entry: (entry.at, entry.number))
        return due

    def apply(self, entry: Entry) -> str | None:
        """Changes the state; the status before, or None where the entry no longer applies (a close after reopening)."""
        before, step, at = self.status, entry.step, entry.at
        if step is Step.MESSAGE:
            if before in ("pending", "solved"):
                self.status = "open"
                if before == "solved":
                    self.reopens, self.solved = self.reopens + 1, None
        elif step is Step.REPLY:
            self.assignee = (
                entry.agent if self.assignee is None or self.assignee.team is not entry.agent.team else self.assignee
            )
            self.replies += 1
            if self.first_replied is None and not (self.creator is not None and at == self.created):
                self.first_replied = at
            self._become(entry.status, at)
        elif step is Step.SOLVE:
            if before in ("solved", "closed"):
                return None
            self.assignee = self.assignee or entry.agent
            self._become("solved", at)
        elif step is Step.CLOSE:
            if before != "solved" or self.solved != at - CLOSES_AFTER:
                return None
            self.status = "closed"
        elif step is Step.ESCALATE:
            self.escalated_at, self.shown_team = at, "complaints"
            self.status = "open" if before == "new" else before
        elif step is Step.MERGE:
            self.status, self.is_merged = "closed", True
        elif step is Step.SPAM:
            self.status = "spam"
        elif step is Step.DELETE:
            self.status = "deleted"
        self.updated = at
        return before

    def _become(self, status: str, at: int) -> None:
        self.status = status
        if status == "solved":
            self.solved = at
            if self.first_solved is None:
                self.first_solved = at

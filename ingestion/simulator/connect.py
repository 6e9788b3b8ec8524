"""amazon_connect/contact_records of the sites `en` and `supervisors`: one JSON object per leg.

Belongs here: the spelling of contact records, re-delivery, the shape of the files.
Does not belong here: when something happens.
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.output import DAY, WeeklyStream
from ingestion.simulator.world import ISSUES, customer_phone

_LINE = "+15550990099"


class ConnectExport:
    """Collects records by the day of delivery. Old weeks are gzipped NDJSON, the newest as Firehose leaves them."""

    def __init__(self, world, landing: Path) -> None:
        self._world = world
        self._records: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._count = 0
        source = (landing, world.calendar, "amazon_connect", "contact_records")
        self._old = WeeklyStream(*source, suffixes=(".ndjson.gz",))
        # Firehose puts objects one after the other, without anything between them.
        self._new = WeeklyStream(*source, suffixes=("",), separator="")

    def _deliver(self, at: int, text: str) -> None:
        if at < 0:
            self._count += 1
            self._records[at // DAY].append((at, self._count, text.replace("@UPDATED@", self._world.calendar.iso(at))))

    @staticmethod
    def contact_id(call) -> str:
        """The id other tools know the call by."""
        return f"amazon_connect/contact_records/c-{call.number:09d}"

    @staticmethod
    def _id(call) -> str:
        return "null" if call is None else f'"c-{call.number:09d}"'

    def call(self, call) -> None:
        """The record of a leg, delivered when its wrap-up is over, and now and then again hours later."""
        iso, rng = self._world.calendar.iso_or_null, self._world.rng
        queue = agent = "null"
        leaves = call.answered if call.answered is not None else call.ended
        if call.queued is not None:
            queue = (
                f'{{"Name":"{call.queue}","EnqueueTimestamp":{iso(call.queued)},"DequeueTimestamp":{iso(leaves)},'
                f'"Duration":{leaves - call.queued}}}'
            )
        if call.agent is not None:
            agent = (
                f'{{"Username":"{call.agent.username}","ConnectedToAgentTimestamp":{iso(call.answered)},'
                f'"AgentInteractionDuration":{call.talk},"CustomerHoldDuration":{call.hold},'
                f'"NumberOfHolds":{int(call.hold > 0)},'
                f'"AfterContactWorkDuration":{call.wrap},"HierarchyGroups":null}}'
            )
        # A leg cannot know its successor's fate, only that there is one.
        moved = iso(call.ended) if call.transfer is not None and call.agent is not None else "null"
        if call.outcome in ("timeout", "callback_requested"):
            reason = "CONTACT_FLOW_DISCONNECT"
        else:
            reason = "AGENT_DISCONNECT" if call.agent is not None and call.number % 3 == 0 else "CUSTOMER_DISCONNECT"
        customer = (
            "null"
            if call.customer is None
            else f'{{"Type":"TELEPHONE_NUMBER","Address":"{customer_phone(call.customer)}"}}'
        )
        reason_code = f'"reason":"{ISSUES[call.issue].key}"' if call.agent is not None else ""
        ticket = f'"ticket_id":"{call.ticket.number}"' if call.ticket is not None else ""

        def record(attributes: str) -> str:
            return (
                f'{{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":{self._id(call)},'
                f'"InitialContactId":{self._id(call.first)},"PreviousContactId":{self._id(call.previous)},'
                f'"NextContactId":{self._id(call.transfer)},"RelatedContactId":null,"Channel":"VOICE",'
                f'"InitiationMethod":"{call.kind}","InitiationTimestamp":{iso(call.arrived)},'
                f'"ConnectedToSystemTimestamp":{iso(call.arrived)},"DisconnectTimestamp":{iso(call.ended)},'
                f'"DisconnectReason":"{reason}","LastUpdateTimestamp":"@UPDATED@","TransferCompletedTimestamp":{moved},'
                f'"ScheduledTimestamp":null,"AgentConnectionAttempts":{int(call.agent is not None)},'
                f'"Queue":{queue},"Agent":{agent},'
                f'"Attributes":{{{attributes}}},"CustomerEndpoint":{customer},'
                f'"SystemEndpoint":{{"Type":"TELEPHONE_NUMBER","Address":"{_LINE}"}},"TransferredToEndpoint":null}}'
            )

        done = call.ended + call.wrap + 1
        if rng.random() < 0.06:
            # At least once: first without its ticket, the complete record hours later (and that one twice).
            later = done + 3600 + int(rng.random() * 2 * DAY)
            self._deliver(done, record(reason_code))
            text = record(",".join(filter(None, (reason_code, ticket))))
            self._deliver(later, text)
            self._deliver(later, text)
        else:
            self._deliver(done, record(",".join(filter(None, (reason_code, ticket)))))

    def other(self, at: int, customer: int) -> None:
        """A chat or a task: in the export, but no call."""
        kind, method = (("CHAT", "API"), ("TASK", "API"), ("VOICE", "OUTBOUND"))[int(self._world.rng.random() * 3)]
        iso, pool = self._world.calendar.iso, self._world.pools["en"].agents
        self._count += 1
        agent = pool[self._count % len(pool)].username
        self._deliver(
            at + 300,
            f'{{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"o-{self._count:09d}","InitialContactId":null,'
            f'"PreviousContactId":null,"NextContactId":null,"Channel":"{kind}","InitiationMethod":"{method}",'
            f'"InitiationTimestamp":"{iso(at)}","ConnectedToSystemTimestamp":"{iso(at)}",'
            f'"DisconnectTimestamp":"{iso(at + 240)}",'
            f'"DisconnectReason":"AGENT_DISCONNECT","LastUpdateTimestamp":"@UPDATED@","AgentConnectionAttempts":1,"Queue":null,'
            f'"Agent":{{"Username":"{agent}","ConnectedToAgentTimestamp":"{iso(at + 20)}",'
            f'"AgentInteractionDuration":220,'
            f'"CustomerHoldDuration":0,"NumberOfHolds":0,"AfterContactWorkDuration":30,"HierarchyGroups":null}},"Attributes":{{}},'
            f'"CustomerEndpoint":{{"Type":"TELEPHONE_NUMBER","Address":"{customer_phone(customer)}"}}}}',
        )

    def export_day(self, day: int) -> None:
        """Appends the records delivered on that day."""
        rows = [text for _, _, text in sorted(self._records.pop(day, ()))]
        (self._new if day >= -14 else self._old).add(day, rows)

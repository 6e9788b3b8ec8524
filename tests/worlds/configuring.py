"""Configuration tables of a generated world: mappings with history, calendars with holes, two targets per channel."""

from datetime import timedelta
from random import Random

from tests.worlds.clock import Clock

BRANDS = ["Alpha", "Beta", None]
TEAMS = ["First line", "Back office", "Desk", None]
TAGS = ["vip", "late", "return", "broken", "boss", "noise", "delivery_only"]
#: Patterns of `text` rules; the last stands in no table.
PATTERNS = ["(?i)down|outage", "late", "gone"]
QUEUES = ["sales", "night", "plain", "mail_queue", None]
VIAS = [
    "email", "Mail", "web", "chat", "facebook_messenger", "amazon", "ebay", "phone", "Hotline", "bot", "fax", "shop",
]  # fmt: skip


#: Openings of a day: closed, one, two that touch, around the clock, three of which one is in a skipped hour.
DAYS = [
    [],
    [("09:00", "17:00")],
    [("08:00", "12:00"), ("12:00", "17:30")],
    [("00:00", "24:00")],
    [("01:15", "02:30"), ("09:00", "12:00"), ("18:00", "24:00")],
]


def configuration(pick: Random, clock: Clock) -> dict[str, list[dict]]:
    tables = {
        "channels": _channels(pick, clock),
        "issue_types": _issue_types(pick),
        "escalations": _escalations(pick),
        "calendars": _calendars(pick, clock),
        "holidays": _holidays(pick, clock),
        "queues": _queues(pick, clock),
    }
    numbered = {name: _numbered(rows) for name, rows in tables.items()}
    return (
        numbered
        | {name: [] for name in ("agents", "targets", "interventions")}
        | {"sectors": [{"sector": "toys", "repeat_window_days": 30}]}
    )


def _numbered(rows: list[dict]) -> list[dict]:
    return [{"row_no": number, **row} for number, row in enumerate(rows, start=1)]


def _some(pick: Random, rows: list[dict], share: float) -> list[dict]:
    return [row for row in rows if pick.random() < share]


def _channel(source, field, value, channel, target, calendar_id, since=None, until=None) -> dict:
    return {
        "source": source, "match_field": field, "match_value": value, "channel": channel,
        "response_target_seconds": target, "calendar_id": calendar_id, "display_unit": "hours",
        "valid_from": since, "valid_to": until,
    }  # fmt: skip


def _channels(pick: Random, clock: Clock) -> list[dict]:
    change = clock.day()
    rows = [
        _channel("zendesk", "via", "email", "x", 1, None),
        _channel("generic", "tag", "vip", "email", 3600, "night"),
        _channel(None, "brand", "Beta", pick.choice(["email", "shop"]), pick.choice([None, 5400]), None, change, None),
        _channel(None, "via", "Mail", "email", 86400, "office"),
        _channel(None, "via", "email", "email", 6 * 3600, "office", None, change),
        _channel(None, "via", "email", pick.choice(["email", "web"]), 86400, "night", change + timedelta(days=1)),
        _channel(None, "via", "chat", "chat", 60, "office"),
        _channel("generic", "via", "facebook_messenger", "facebook_messenger", 900, None, None, change),
        _channel("generic", "via", "facebook_messenger", "facebook_messenger", 300, None, change + timedelta(days=1)),
        _channel(None, "via", "amazon", "amazon", 86400, "missing calendar"),
        _channel(None, "via", "ebay", "ebay", None, "office"),
        _channel(None, "via", "Hotline", "phone", 3600, pick.choice([None, "night"])),
        _channel(None, "via", "phone", "phone", None, "office"),
        _channel(None, "queue", "mail_queue", pick.choice(["email", "sms"]), 60, "night"),
    ]
    return _some(pick, rows, 0.8)


def _issue_types(pick: Random) -> list[dict]:
    def rule(source, field, value, issue_type, category, window=None, product=None) -> dict:
        return {
            "source": source, "match_field": field, "match_value": value, "issue_type": issue_type,
            "issue_category": category, "fcr_window_days": window, "product": product,
        }  # fmt: skip

    rows = [
        rule("zendesk", "tag", "late", "wrong", "wrong"),
        rule(None, "tag", "late", "late_delivery", "delivery", 3),
        rule("generic", "tag", "return", "return_label", "return_request", None, "Kettle"),
        rule(None, "tag", "broken", "damaged", "complaint", 1, "Kettle"),
        rule(None, "type", "incident", "outage", None),
        rule(None, "disposition", "d_late", "late_delivery", None, 3),
        rule(None, "disposition", "d_return", "return_label", "return_request"),
        rule(None, "text", PATTERNS[0], "outage", "complaint"),
        rule("generic", "text", PATTERNS[1], "late_delivery", None, None, "Kettle"),
        rule(None, "tag", "late", "shadowed", "shadowed"),
        rule(None, "tag", "nothing", "outage", "technical", 2),
    ]
    return _some(pick, rows, 0.85)


def _escalations(pick: Random) -> list[dict]:
    def rule(source, field, value, reason, *, is_management=False) -> dict:
        return {
            "source": source, "match_field": field, "match_value": value, "reason": reason,
            "is_management": is_management,
        }  # fmt: skip

    rows = [
        rule(None, "tag", "boss", "management", is_management=True),
        rule(None, "group", "Desk", "desk"),
        rule("generic", "queue", "night", "night"),
        rule("zendesk", "tag", "noise", "none", is_management=True),
    ]
    return _some(pick, rows, 0.8)


def _calendars(pick: Random, clock: Clock) -> list[dict]:
    """`office` with up to three openings a day, perhaps with a history; `night` touches midnight on both sides."""
    zone = pick.choice([clock.name, clock.name, "Europe/Berlin"])
    change = clock.day() if pick.random() < 0.3 else None
    rows = []

    def opening(calendar_id, weekday, opens, closes, since=None, until=None) -> None:
        rows.append({
            "calendar_id": calendar_id, "time_zone": zone, "weekday": weekday, "opens": opens, "closes": closes,
            "valid_from": since, "valid_to": until,
        })  # fmt: skip

    for weekday in range(1, 8):
        for opens, closes in pick.choice(DAYS):
            opening("office", weekday, opens, closes, None, change)
        if change:
            opening("office", weekday, "10:00", "14:00", change + timedelta(days=1))
        if pick.random() < 0.8:
            opening("night", weekday, "20:00", "24:00")
            opening("night", weekday, "00:00", "03:00")
    return rows if pick.random() < 0.9 else []


def _holidays(pick: Random, clock: Clock) -> list[dict]:
    found = []
    for _ in range(pick.randrange(3)):
        day = clock.day()
        last = day + timedelta(days=pick.choice([0, 0, 1]))
        calendar_id = pick.choice(["office", "night"])
        found.append({"calendar_id": calendar_id, "starts_on": day, "ends_on": last, "name": "holiday"})
    return found


def _queues(pick: Random, clock: Clock) -> list[dict]:
    change = clock.day()

    def queue(source, name, team, seconds, calendar_id, since=None, until=None) -> dict:
        return {
            "source": source, "queue": name, "team": team, "service_level_seconds": seconds,
            "calendar_id": calendar_id, "valid_from": since, "valid_to": until,
        }  # fmt: skip

    rows = [
        queue("asterisk", "plain", "wrong", 1, None),
        queue("generic", "sales", "First line", 30, "office", None, change),
        queue("generic", "sales", "Back office", 60, None, change + timedelta(days=1)),
        queue("generic", "night", None, None, "night"),
    ]
    return _some(pick, rows, 0.85)

"""One faulty row per rule, and the exact line that a user reads. Whole files: test_faulty_files."""

import pytest

from ingestion.errors import ConfigError


def target(**cells):
    """A row of targets.csv that is in order, but for the cells given."""
    row = {
        "target_id": "a", "kpi_id": "reply_rate", "dimension": "", "dimension_value": "", "window_days": "7",
        "comparator": ">=", "target": "0.9", "warn_at": "", "severity": "warn", "effective_from": "",
        "effective_to": "", "source": "",
    }  # fmt: skip
    return ",".join((row | cells).values())


SUPPORT = "support,Europe/Berlin,{},{},{},{},{}"
HOLIDAYS, MONDAYS = SUPPORT.format(1, "08:00", "12:00", "", ""), SUPPORT.format(1, "12:00", "18:00", "", "")

CASES = [
    # cells
    ("targets", target(target_id="A-1"), "2: target_id 'A-1' may hold only a-z, 0-9 and _; rename it"),
    ("targets", target(target_id=""), "2: target_id is blank; fill it in"),
    ("targets", target(window_days="7d"), "2: window_days '7d' is no whole number; write digits only, e.g. 28"),
    ("targets", target(window_days="0"), "2: window_days '0' is too small; the least is 1"),
    (
        "targets",
        target(target='"0,95"'),
        "2: target '0,95' is no number; write it with a decimal point and at most 6 decimals, e.g. 0.95",
    ),
    ("targets", target(comparator="=>"), "2: comparator '=>' is unknown; use one of >=, >, <=, <"),
    ("targets", target(severity="fatal"), "2: severity 'fatal' is unknown; use one of warn, error"),
    (
        "targets",
        target(effective_from="2026-02-30"),
        "2: effective_from '2026-02-30' is no date; write YYYY-MM-DD, e.g. 2026-03-02",
    ),
    ("channels", ",vai,x,x,,,,,", "2: match_field 'vai' is unknown; did you mean 'via'?"),
    ("channels", ",via,,email,,,,,", "2: match_value is blank; fill it in"),
    ("channels", ",via,mail,e-mail,,,,,", "2: channel 'e-mail' is unknown; did you mean 'email'?"),
    ("channels", "zendesc,via,mail,email,,,,,", "2: source 'zendesc' is unknown; did you mean 'zendesk'?"),
    (
        "channels",
        ",via,mail,email,,,weeks,,",
        "2: display_unit 'weeks' is unknown; use one of seconds, minutes, hours, days",
    ),
    ("escalations", ",field,x,y,", "2: match_field 'field' is unknown; use one of tag, group, queue, field:<id>"),
    ("escalations", ",tag,x,y,yes", "2: is_management 'yes' is neither true nor false; write true or false"),
    (
        "agents",
        "generic,kim,kim,,,",
        "2: agent_email 'kim' is no e-mail address; write name@example.org or leave it blank",
    ),
    (
        "calendars",
        "a,Europe/Berln,1,08:00,09:00,,",
        "2: time_zone 'Europe/Berln' is an unknown time zone; did you mean 'Europe/Berlin'?",
    ),
    ("calendars", "a,UTC,0,08:00,09:00,,", "2: weekday '0' is too small; the least is 1"),
    ("calendars", "a,UTC,8,08:00,09:00,,", "2: weekday '8' is too large; the most is 7"),
    (
        "calendars",
        "a,UTC,1,8:00,24:01,,",
        "2: opens '8:00' is no time of day; write HH:MM from 00:00 to 24:00, e.g. 08:30",
    ),
    # rows
    ("targets", target(kpi_id="reply_rat"), "2: unknown kpi_id 'reply_rat'; use one of reply_rate, handle_time"),
    (
        "targets",
        target(dimension="agent", dimension_value="kim"),
        "2: dimension 'agent' is unknown for reply_rate; use one of all, channel, channel_group, team",
    ),
    (
        "targets",
        target(dimension="channel", dimension_value="fax"),
        "2: unknown channel 'fax'; use one of email, web, chat, facebook_messenger, facebook, x, instagram, whatsapp, "
        "sms, phone, amazon, ebay, shop, bot, other",
    ),
    ("targets", target(dimension="team"), "2: dimension 'team' has no dimension_value; fill it in"),
    (
        "targets",
        target(dimension_value="North"),
        "2: dimension_value 'North' without a dimension; name the dimension",
    ),
    (
        "targets",
        target(warn_at="0.85"),
        "2: warn_at 0.85 is laxer than target 0.9; make it at least the target, or blank",
    ),
    (
        "targets",
        target(comparator="<", warn_at="0.95"),
        "2: warn_at 0.95 is laxer than target 0.9; make it at most the target, or blank",
    ),
    ("targets", target(target="95"), "2: target 95 of a share lies outside 0..1; write 0.95 for 95 %"),
    (
        "targets",
        target(effective_from="2026-02-01", effective_to="2026-01-01"),
        "2: effective_from 2026-02-01 is later than effective_to 2026-01-01; swap or correct them",
    ),
    (
        "channels",
        ",via,mail,email,,,,2026-02-01,2026-01-01",
        "2: valid_from 2026-02-01 is later than valid_to 2026-01-01; swap or correct them",
    ),
    (
        "holidays",
        "zendesk/7,2026-02-02,2026-02-01,x",
        "2: starts_on 2026-02-02 is later than ends_on 2026-02-01; swap or correct them",
    ),
    (
        "interventions",
        "a,handle_tim,,,2026-01-01,",
        "2: unknown kpi_id 'handle_tim'; use one of reply_rate, handle_time",
    ),
    (
        "interventions",
        "a,handle_time,,,2026-01-01,\na,handle_time,all,all,2026-02-01,",
        "3: intervention_id 'a' measures the same as in line 2; keep one",
    ),
    (
        "issue_types",
        ",tag,x,,,,",
        "2: maps to nothing; fill in issue_type, issue_category or product",
    ),
    (
        "issue_types",
        ",text,(refund,refund,,,",
        "2: match_value '(refund' is no regular expression (missing ): (refund); correct it (RE2 syntax)",
    ),
    (
        "calendars",
        "a,UTC,1,18:00,02:00,,",
        "2: closes 02:00 is not after opens 18:00; cut the interval at midnight (24:00), leave closed days out",
    ),
    # files and rows against each other
    (
        "calendars",
        "a,UTC,1,08:00,12:00,,\na,Asia/Kolkata,2,08:00,12:00,,",
        "3: calendar_id 'a' is in Asia/Kolkata here and in UTC in line 2; a calendar has one time zone",
    ),
    (
        "channels",
        ",via,mail,email,,suport,,,",
        "2: unknown calendar_id 'suport'; add it to calendars.csv",
    ),
    ("queues", "generic,a,,,zendesk/,,", "2: unknown calendar_id 'zendesk/'; add it to calendars.csv"),
    ("holidays", "x,2026-01-01,2026-01-01,", "2: unknown calendar_id 'x'; add it to calendars.csv"),
    (
        "targets",
        "\n".join([target(effective_to="2026-01-31"), target(effective_from="2026-01-31")]),
        "3: target_id 'a' overlaps line 2 (both are in force on 2026-01-31); end one row before the other begins",
    ),
    (
        "targets",
        "\n".join([target(), target(kpi_id="handle_time")]),
        "3: target_id 'a' overlaps line 2 (both are in force on every day); end one row before the other begins",
    ),
    (
        "agents",
        "generic,kim,,,,2026-01-31\nasterisk,kim,,,,\ngeneric,kim,,,,2026-03-01",
        "4: source 'generic', agent 'kim' overlaps line 2 (both are in force up to 2026-01-31); "
        "end one row before the other begins",
    ),
    (
        "agents",
        "generic,Kim@x.example,,,,\ngeneric,kim@X.example,,,,",
        "3: source 'generic', agent 'kim@x.example' overlaps line 2 (both are in force on every day); "
        "end one row before the other begins",
    ),
    (
        "queues",
        "generic,a,,,,,\ngeneric,a,,30,,2026-01-01,",
        "3: source 'generic', queue 'a' overlaps line 2 (both are in force on 2026-01-01); "
        "end one row before the other begins",
    ),
    (
        "calendars",
        # 5 January 2026 is a Monday.
        "a,UTC,1,08:00,12:01,,2026-01-05\na,UTC,1,12:00,18:00,2026-01-01,",
        "3: calendar_id 'a', weekday '1' overlaps line 2 (both are in force on 2026-01-05); "
        "end one row before the other begins",
    ),
]


@pytest.mark.parametrize(("table", "rows", "message"), CASES, ids=[f"{case[0]}: {case[2][:40]}" for case in CASES])
def test_faulty_row(load, header, table, rows, message):
    with pytest.raises(ConfigError) as error:
        load(f"{table}.csv", f"{header[table]}\n{rows}\n")
    assert str(error.value) == f"config/{table}.csv:{message}"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("targets", [target(effective_to="2026-01-31"), target(effective_from="2026-02-01")]),
        ("targets", [target(warn_at="0.9"), target(target_id="b", comparator="<", warn_at="0.9")]),
        ("calendars", ["a,UTC,1,00:00,12:00,,", "a,UTC,1,12:00,24:00,,", "a,UTC,2,00:00,24:00,,"]),
        ("calendars", ["zendesk/7,UTC,1,08:00,18:00,,2026-01-31", "zendesk/7,UTC,1,09:00,18:00,2026-02-01,"]),
        ("calendars", ["a,UTC,1,08:00,12:00,,2026-01-04", "a,UTC,1,09:00,18:00,2026-01-01,"]),
        ("agents", ["generic,kim,,North,,2026-01-31", "generic,kim,,South,2026-02-01,", "asterisk,kim,,,,"]),
        ("channels", [",via,mail,email,,zendesk/42,,,", ",via,mail,web,,,,,"]),
        ("issue_types", ["zendesk,field:36001,late,refund,billing,14,", ",text,(?i)refund|money back,,billing,,"]),
    ],
)
def test_touching_and_shadowed_rows_are_in_order(load, header, table, rows):
    assert len(load(f"{table}.csv", "\n".join([header[table], *rows])).tables[table]) == len(rows)

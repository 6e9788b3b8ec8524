"""CSV and TOML files that are wrong as a whole or key by key, and the exact line that a user reads."""

import re

import pytest

from ingestion.errors import ConfigError
from ingestion.settings import CHECKOUT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: has no header; its first line is calendar_id,starts_on,ends_on,name"),
        (
            "calendar_id,starts_on,ends_on,nam\n",
            "1: unknown column 'nam'; use one of name",
        ),
        ("calendar_id,starts_on,ends_on\n", "1: column 'name' is missing; add it, with blank cells if need be"),
        ("calendar_id,name,starts_on,ends_on,name\n", "1: column 'name' stands twice; keep one"),
        (
            "calendar_id;starts_on;ends_on;name\n",
            "1: its columns are not separated by commas; save it with commas",
        ),
        (
            'calendar_id,starts_on,ends_on,name\n\n"zendesk/1",2026-01-01,2026-01-01,"a\nb"\nzendesk/1,2026-01-01\n',
            "5: has 2 fields, the header has 4; check commas and quotes",
        ),
        (
            'calendar_id,starts_on,ends_on,name\nzendesk/1,2026-01-01,2026-01-01,"a\n',
            "2: is no valid CSV (unexpected end of data); check the quotes",
        ),
        (
            b"calendar_id,starts_on,ends_on,name\nzendesk/1,2026-01-01,2026-01-01,Mari\xe4\n",
            "2: is not UTF-8; save it as CSV or text in UTF-8",
        ),
    ],
)
def test_faulty_csv(load, text, message):
    with pytest.raises(ConfigError) as error:
        load("holidays.csv", text)
    assert str(error.value) == f"config/holidays.csv:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\ntimezone = "UTC"\n', "2: unknown key 'timezone'; did you mean 'time_zone'?"),
        ('time_zone = "Mars"', "1: time_zone 'Mars' is an unknown time zone; use a name such as Europe/Berlin"),
        ("time_zone = 2", "1: time_zone 2 is an unknown time zone; use a name such as Europe/Berlin"),
        ('week_start = "sunday"', "1: week_start 'sunday' is not supported; only \"monday\" is"),
        (
            "# time\nfcr_window_days = 0",
            "2: fcr_window_days 0 is no whole number from 1 up; write one without quotes",
        ),
        (
            'service_level_seconds = "20"',
            "1: service_level_seconds '20' is no whole number from 0 up; write one without quotes",
        ),
        ("shrinkage = 1", "1: shrinkage 1 is no share; write a number from 0 to below 1, e.g. 0.3"),
        ("sources = 1", "1: sources is no table; write [sources] and its keys below it"),
        ("[sources.zendesc]", "1: unknown source 'zendesc'; did you mean 'zendesk'?"),
        (
            "sources.zendesk.contry = 'DE'",
            "1: unknown key 'contry'; did you mean 'country'?",
        ),
        (
            'time_zone = "UTC"\n[sources.zendesk]\ncountry = "DE"\n[sources.generic]\ntime_zone = "europe/rom"',
            "5: time_zone 'europe/rom' is an unknown time zone; did you mean 'Europe/Rome'?",
        ),
        (
            '[sources.zendesk]\ncountry = "Germany"',
            "2: country 'Germany' is no ISO 3166 code; write two letters, e.g. \"DE\"",
        ),
        (
            "[sources.zendesk]\ncomplexity_field = 36003",
            "2: complexity_field 36003 is no field id; write it in quotes",
        ),
        (
            '[sources.zendesk]\nkeep_columns = "a"',
            '2: keep_columns \'a\' is no list of names; write ["one", "two"]',
        ),
        ("[sectors.food]\nwindow = 1", "2: unknown key 'window'; use one of repeat_window_days"),
        ('[freshness]\n"zendesk/ticket" = 1', "2: unknown stream 'zendesk/ticket'; did you mean 'zendesk/tickets'?"),
        (
            '[owners]\nmarts_telefony = ["team:a"]',
            "2: unknown group of assets 'marts_telefony'; did you mean 'marts_telephony'?",
        ),
        (
            '[owners]\nall = ["Ann"]',
            "2: all ['Ann'] is no list of owners; write teams and e-mail addresses: [\"team:support\"]",
        ),
        ('[serving.mysql]\nschema = "a"', "1: unknown server 'mysql'; use one of postgres"),
        ('[serving.postgres]\nshema = "a"', "2: unknown key 'shema'; use one of schema, readers"),
        (
            '[serving.postgres]\nschema = "pg_kpis"',
            "2: schema 'pg_kpis' is no name of a schema; write small letters, digits and _",
        ),
        ('[serving.postgres]\nreaders = "bi"', "2: readers 'bi' is no list of roles; write [\"bi\"]"),
        (
            '[freshness]\n"zendesk/tickets" = 1.5',
            "2: zendesk/tickets 1.5 is no whole number from 1 up; write one without quotes",
        ),
        ("\ntime_zone = UTC", "2: is no valid TOML (Invalid value); correct it"),
    ],
)
def test_faulty_settings(load, text, message):
    with pytest.raises(ConfigError) as error:
        load("settings.toml", text)
    assert str(error.value) == f"config/settings.toml:{message}"


def test_the_freshness_of_a_stream_that_no_check_watches_is_refused_with_those_that_are(load):
    with pytest.raises(ConfigError) as error:
        load("settings.toml", '[freshness]\n"asterisk/queue_log" = 1\n"zendesk/holidays" = 24')
    said, names = str(error.value).split("; use one of ")
    assert said == "config/settings.toml:3: the age of zendesk/holidays is not watched"
    sql = (CHECKOUT / "dbt_project" / "macros" / "staging" / "vendors.sql").read_text()
    assert names.split(", ") == [f"{one[0]}/{one[1]}" for one in re.findall(r"'(\w+)__(\w+)':", sql)]
    assert "generic/tickets" in names and "asterisk/queue_log" in names

"""The shipped files, replacing them, reading CSV, and the fixed types of the tables."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import FILE_NAMES, load_configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.vocabulary import CHANNELS
from ingestion.errors import ConfigError
from ingestion.settings import load_settings


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return load_configuration(load_settings(tmp_path_factory.mktemp("home"), env={}), kpi_catalogue())


def test_shipped_settings_are_the_defaults(shipped):
    assert shipped.settings == DEFAULTS


def test_shipped_channels_give_every_channel_a_row_of_its_own_name(shipped):
    plain = [row for row in shipped.tables["channels"] if row["source"] is None]
    assert [row["match_value"] for row in plain] == [row["channel"] for row in plain]
    assert {row["channel"] for row in plain} == set(CHANNELS)
    targets = {row["channel"]: row["response_target_seconds"] for row in plain}
    assert (targets["email"], targets["amazon"], targets["facebook_messenger"]) == (86400, 86400, 300)
    assert targets["phone"] is None


def test_shipped_tags_come_before_vendor_spellings(shipped):
    fields = [row["match_field"] for row in shipped.tables["channels"]]
    assert fields.index("via") > max(at for at, field in enumerate(fields) if field == "tag")


def test_shipped_targets_have_a_history(shipped):
    badge = [row for row in shipped.tables["targets"] if row["target_id"] == "facebook_badge_time"]
    assert [(row["target"], row["effective_to"]) for row in badge] == [(900, date(2016, 12, 31)), (300, None)]
    severe = {row["target_id"] for row in shipped.tables["targets"] if row["severity"] == "error"}
    account_at_risk = {"order_defect_rate", "prime_on_time_shipment", "prime_cancellation"}
    assert severe == {"amazon_reply_24h", "amazon_return_reply_48h"} | account_at_risk


def test_shipped_files_may_name_calendars_that_a_home_has_replaced(tmp_path, header):
    settings = load_settings(tmp_path, env={})
    settings.config.mkdir(parents=True)
    (settings.config / "calendars.csv").write_text(f"{header['calendars']}\nc,UTC,1,08:00,12:00,,\n")
    tables = load_configuration(settings, kpi_catalogue()).tables
    assert {row["calendar_id"] for row in tables["calendars"]} == {"c"}
    assert "support" in {row["calendar_id"] for row in tables["channels"]}


def test_a_target_may_name_the_channel_that_all_of_its_kpi_lies_in(tmp_path, header):
    row = "badge,messenger_response_rate_7d,channel,{},7,>=,0.9,,warn,,,"
    settings = load_settings(tmp_path, env={})
    settings.config.mkdir(parents=True)
    (settings.config / "targets.csv").write_text(f"{header['targets']}\n{row.format('facebook_messenger')}\n")
    assert load_configuration(settings, kpi_catalogue()).tables["targets"][0]["dimension"] == "channel"
    (settings.config / "targets.csv").write_text(f"{header['targets']}\n{row.format('email')}\n")
    with pytest.raises(ConfigError, match="dimension 'channel' is unknown for messenger_response_rate_7d"):
        load_configuration(settings, kpi_catalogue())


def test_a_recipient_is_one_address_in_any_spelling(load, header):
    rows = load("channels.csv", f"{header['channels']}\nzendesk,recipient,Help@Shop.example,email,,,,,\n").tables
    assert rows["channels"][0]["match_value"] == "help@shop.example"


def test_a_file_of_the_home_replaces_the_shipped_one_whole(load, header):
    row = "reply_24h,reply_rate,channel,email,7,>=,0.95,0.97,warn,2026-01-01,,house default"
    configuration = load("targets.csv", f"{header['targets']}\n{row}\n")
    assert configuration.tables["targets"] == [
        {
            "row_no": 1, "target_id": "reply_24h", "kpi_id": "reply_rate", "dimension": "channel",
            "dimension_value": "email", "window_days": 7, "comparator": ">=", "target": Decimal("0.95"),
            "warn_at": Decimal("0.97"), "severity": "warn", "effective_from": date(2026, 1, 1), "effective_to": None,
            "source": "house default",
        }
    ]  # fmt: skip
    assert configuration.tables["channels"] == []


def test_settings_of_the_home_fall_back_key_by_key(load):
    text = (
        'time_zone = "Africa/Cairo"\n[sources.zendesk]\ncountry = "EG"\nkeep_columns = ["a"]\n'
        '[sectors.food]\nrepeat_window_days = 30\n[freshness]\n"zendesk/tickets" = 48\n'
        '[owners]\nmarts_sales = ["ann@shop.example"]\n[serving.postgres]\nreaders = ["bi"]\n'
    )
    settings = load("settings.toml", text).settings
    assert settings["time_zone"] == "Africa/Cairo"
    assert settings["fcr_window_days"] == 7
    assert settings["sources"] == {"zendesk": {"country": "EG", "keep_columns": ["a"]}}
    assert settings["sectors"] == {"food": {"repeat_window_days": 30}}
    assert settings["freshness"] == {"zendesk/tickets": 48}
    assert settings["owners"] == {"all": ["team:support-data"], "marts_sales": ["ann@shop.example"]}
    assert settings["serving"] == {"postgres": {"schema": "support_kpis", "readers": ["bi"]}}


def test_csv_as_people_save_it(load):
    text = (
        "\ufeffdescription,happened_on,kpi_id,dimension,dimension_value,intervention_id\r\n"
        '"Workshop,\r\ntwo days", 2026-03-02 ,reply_rate,all,all,workshop\r\n\r\n,,,,,\r\n'
        "Move,2026-04-01,reply_rate,team, North ,move\r\n"
    )
    first, second = load("interventions.csv", text).tables["interventions"]
    assert first["description"] == "Workshop,\r\ntwo days"
    assert (first["happened_on"], first["dimension"], first["dimension_value"]) == (date(2026, 3, 2), None, None)
    assert (second["row_no"], second["dimension_value"]) == (2, " North ")


def test_vendor_text_is_kept_exactly_and_agents_mail_in_lower_case(load, header):
    text = f"{header['agents']}\nasterisk, SIP/1 ,Kim@Example.org,North,,\n"
    assert load("agents.csv", text).tables["agents"] == [
        {
            "row_no": 1, "source": "asterisk", "agent": " SIP/1 ", "agent_email": "kim@example.org", "team": "North",
            "valid_from": None, "valid_to": None,
        }
    ]  # fmt: skip


def test_blank_is_management_is_false(load, header):
    rows = load("escalations.csv", f"{header['escalations']}\n,tag,urgent,urgent,\n,tag,boss,boss,true\n").tables
    assert [row["is_management"] for row in rows["escalations"]] == [False, True]


def test_arrow_types_do_not_depend_on_rows(load, shipped):
    empty = load().arrow_tables()
    assert {name: table.schema for name, table in empty.items()} == {
        name: table.schema for name, table in shipped.arrow_tables().items()
    }
    assert all(table.num_rows == 0 for table in empty.values())
    targets = empty["targets"].schema
    assert targets.field("target").type == pa.decimal128(18, 6)
    assert targets.field("effective_from").type == pa.date32()
    assert (targets.field("row_no").type, targets.field("window_days").type) == (pa.int64(), pa.int64())
    assert empty["escalations"].schema.field("is_management").type == pa.bool_()


def test_fingerprint_follows_the_files(load, header):
    before = load().fingerprint
    assert before == load().fingerprint
    assert before != load("holidays.csv", header["holidays"]).fingerprint


def test_an_unknown_file_in_the_home_is_refused(load):
    with pytest.raises(ConfigError) as error:
        load("chanels.csv", "")
    assert str(error.value) == "config/chanels.csv: is no configuration file; did you mean 'channels.csv'?"


def test_other_files_in_the_home_are_nobodys_business(load):
    load("README.md", "ours")


def test_a_shipped_file_is_named_by_its_place_in_the_checkout(load, tmp_path):
    (tmp_path / "checkout" / "shipped" / "agents.csv").write_text("")
    with pytest.raises(ConfigError, match=r"^checkout/shipped/agents\.csv:1: has no header"):
        load()
    assert len(FILE_NAMES) == 10

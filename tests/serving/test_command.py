"""`support-kpis serve` before any server is asked: what is wrong is one line, exit 2, and nothing is done."""

import sys

import pytest

from orchestration import cli
from orchestration.serving.place import NAME


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.mark.parametrize("command", [["serve"], ["run"], ["forget", "--email", "kim@example.org"]])
def test_a_url_that_is_none_is_exit_2_and_not_shown(command, home, monkeypatch, capfd):
    monkeypatch.setenv(NAME, "postgresql://kpis:gehe@im@db/bi")
    assert cli.main([*command, "--home", str(home)]) == 2
    said = capfd.readouterr().err
    assert said.startswith(f"support-kpis: {NAME} is no URL") and said.count("\n") == 1 and "gehe" not in said
    assert not home.exists()


def test_without_a_url_or_the_driver_the_next_step_is_said(home, monkeypatch, capfd):
    assert cli.main(["serve", "--home", str(home)]) == 2
    assert f"{NAME} is not set; write postgresql://" in capfd.readouterr().err
    monkeypatch.setenv(NAME, "postgresql://kpis:geheim@db/bi")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert cli.main(["serve", "--home", str(home)]) == 2
    assert capfd.readouterr().err.endswith("needs the package psycopg; make driver-postgres installs it\n")
    assert not home.exists()


def test_doctor_says_that_the_driver_is_missing(home, monkeypatch, capfd):
    monkeypatch.setenv(NAME, "postgresql://kpis:geheim@db/bi")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert cli.main(["doctor", "--home", str(home)]) == 1
    assert "make driver-postgres installs it" in capfd.readouterr().out

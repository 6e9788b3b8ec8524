"""Sending to receivers on this machine, and to none."""

import asyncio
import socket

import pytest
from aiosmtpd.controller import Controller

from orchestration.alerts.sending import addresses, ping, send


def test_a_webhook_gets_title_and_text(receiver):
    assert send("title", "first line\n\nsecond <line>", [f"json://{receiver.place}/hook"]) == []
    assert [(one["title"], one["message"]) for one in receiver.posted] == [("title", "first line\n\nsecond <line>")]


def test_e_mail_arrives():
    letters = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            letters.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 OK"

    asyncio.set_event_loop(asyncio.new_event_loop())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        address = f"mailto://127.0.0.1:{port}?mode=insecure&from=kpis@shop.example&to=head@shop.example&format=text"
        assert send("Support KPIs: 1 missed", "MISSED: fcr", [address]) == []
    finally:
        controller.stop()
    ((to, letter),) = letters
    assert to == ["head@shop.example"] and "Subject: Support KPIs: 1 missed" in letter and "MISSED: fcr" in letter


@pytest.mark.parametrize("status", [403, 500])
def test_who_refuses_is_told_without_the_address(receiver, status):
    receiver.status = status
    (failed,) = send("t", "b", [f"json://user:secret@{receiver.place}/token"])
    assert failed.startswith("alert 1 (json): not sent") and "secret" not in failed and "token" not in failed


def test_one_that_fails_does_not_keep_the_others_from_hearing(receiver):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        urls = [f"json://127.0.0.1:{nobody.getsockname()[1]}", "nonsense", f"json://{receiver.place}"]
        failed = send("t", "b", urls)
    assert [text.split(":")[0] for text in failed] == ["alert 1 (json)", "alert 2 (no scheme)"]
    assert len(receiver.posted) == 1


def test_the_dead_mans_switch_is_asked_for_and_never_raises(receiver):
    assert ping({"SUPPORT_KPIS_DEAD_MAN_URL": f"http://{receiver.place}/alive"}) is None
    assert receiver.asked == ["/alive"]
    receiver.status = 500
    assert "not reached" in ping({"SUPPORT_KPIS_DEAD_MAN_URL": f"http://{receiver.place}/alive"})
    assert "not reached" in ping({"SUPPORT_KPIS_DEAD_MAN_URL": "nonsense"})
    assert ping({}) is None


def test_addresses_are_separated_by_blanks():
    assert addresses({"SUPPORT_KPIS_ALERT_URLS": " json://a/b  mailto://c "}) == ["json://a/b", "mailto://c"]
    assert addresses({}) == []

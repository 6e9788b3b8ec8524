"""A digest to every address, a ping to the dead-man's switch. Nothing here raises, whatever the other side does.

Addresses are Apprise's URLs, with secrets in them: what is said of them names the service and nothing else.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ingestion.settings import CHECKOUT

ADDRESSES, DEAD_MAN = "SUPPORT_KPIS_ALERT_URLS", "SUPPORT_KPIS_DEAD_MAN_URL"
TIMEOUT_SECONDS = 10


def addresses(environment: Mapping[str, str] | None = None) -> list[str]:
    """The URLs to alert, of the environment or of `.env`; separated by blanks."""
    return _setting(ADDRESSES, environment).split()


def send(title: str, body: str, urls: list[str]) -> list[str]:
    """One message to each; gives what could not be sent, in words."""
    import apprise

    failed = []
    for number, url in enumerate(urls, start=1):
        told = f"alert {number} ({urlsplit(url).scheme or 'no scheme'})"
        sender = apprise.Apprise()
        try:
            if not sender.add(url):
                failed.append(f"{told}: not an address that Apprise knows")
            elif not sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
                failed.append(f"{told}: not sent; the receiver refused it or did not answer")
        except Exception as error:
            failed.append(f"{told}: not sent ({type(error).__name__})")
    return failed


def ping(environment: Mapping[str, str] | None = None) -> str | None:
    """Tells the dead-man's switch that the night has published; gives what went wrong, None without a switch, too."""
    url = _setting(DEAD_MAN, environment)
    if not url:
        return None
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS):
            return None
    except (OSError, ValueError, urllib.error.URLError) as error:
        return f"the dead-man's switch was not reached ({type(error).__name__})"


def _setting(name: str, environment: Mapping[str, str] | None) -> str:
    found = os.environ if environment is None else environment
    return found.get(name) or dotenv_values(CHECKOUT / ".env", interpolate=False).get(name) or ""

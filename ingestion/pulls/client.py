"""Asks a vendor for one page, as often as it takes: pace, retries, and nothing but whole answers.

No message of this module holds a credential: what is said of a request is its path.
"""

from __future__ import annotations

import gzip
import json
import random
import time
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from ingestion.pulls.api import Api, Ask, Page, Renewable

ATTEMPTS = 8
LONGEST_WAIT = 900.0
TIMEOUT = (10, 120)
BUSY = (408, 425, 429, 500, 502, 503, 504)
REFUSED_LOGIN = (401, 403)
REFUSED_REQUEST = (400, 410, 422)
GONE = 404
_BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class PullError(Exception):
    """A pull cannot go on tonight; the text is one line. What has landed stays, the next pull goes on from there."""


class RefusedRequestError(PullError):
    """The vendor does not take this request, as with a cursor that it no longer knows."""


class GoneError(PullError):
    """There is nothing at this path."""


class TransientError(Exception):
    """Worth another try. `after`: seconds that the vendor asks for."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.after = reason, after


@dataclass(frozen=True)
class Clock:
    """Time, so that a test can have its own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """At most so many requests within any sixty seconds."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock, self._made = clock, deque(maxlen=per_minute)

    def wait(self) -> None:
        if len(self._made) == self._made.maxlen:
            self._clock.sleep(max(0.0, self._made[0] + 60 - self._clock.now()))
        self._made.append(self._clock.now())


class Client:
    """`secrets`: the values of the API's credentials, in their order."""

    def __init__(self, api: Api, url: str, secrets: tuple[str, ...], clock: Clock) -> None:
        self.requests = 0
        self._api, self._url, self._clock = api, url.rstrip("/"), clock
        self._secrets, self._table = secrets, f"[pulls.{api.source}]"
        self._pace = Pace(api.per_minute, clock)
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", **api.headers})
        self._session.auth = self._login = api.login(*secrets)
        #: Asks other hosts, which are told nothing of who asks.
        self._unsigned = requests.Session()
        self._unsigned.auth = lambda request: request

    def page(self, ask: Ask, rows: str | None) -> Page:
        """A whole page, whose records stand under `rows`. Raises PullError when the tries are used up."""
        if ask.after:
            self._clock.sleep(ask.after)
        try:
            return Retrying(
                retry=retry_if_exception_type(TransientError),
                stop=stop_after_attempt(ATTEMPTS),
                wait=_pause,
                sleep=self._clock.sleep,
                reraise=True,
            )(self._once, ask, rows)
        except TransientError as error:
            text = (
                f"{self._where(ask)}: {error.reason}; given up after {ATTEMPTS} tries, the next run goes on from here"
            )
            raise PullError(text) from None

    def close(self) -> None:
        self._session.close()
        self._unsigned.close()

    def _once(self, ask: Ask, rows: str | None) -> Page:
        self._pace.wait()
        self.requests += 1
        method = "GET" if ask.json is None else "POST"
        try:
            # No redirect is followed: it would carry the credentials to another host.
            answer = self._session.request(
                method,
                f"{self._url}{ask.path}",
                params=ask.params,
                json=ask.json,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except _BROKEN as error:
            raise TransientError(_kind(error)) from None
        except requests.RequestException as error:
            raise PullError(f"{self._where(ask)}: {_kind(error)}; check url in {self._table}") from None
        self._check_status(answer, ask)
        page = _whole(answer, rows)
        return replace(page, body=self._file(page.content, *ask.file)) if ask.file else page

    def _file(self, content: Mapping[str, Any], where: str, packed: str) -> bytes:
        """The bytes of a file that the vendor keeps elsewhere. Its address lasts minutes: every try asks anew."""
        try:
            answer = self._unsigned.get(content[where], timeout=TIMEOUT, allow_redirects=False)
            if answer.status_code != requests.codes.ok:
                raise TransientError(f"the file's host answers {answer.status_code}")
            return gzip.decompress(answer.content) if content.get(packed) == "GZIP" else answer.content
        except (OSError, EOFError, zlib.error, LookupError) as error:
            raise TransientError(f"no whole file ({type(error).__name__})") from None

    def _check_status(self, answer: requests.Response, ask: Ask) -> None:
        status, where = answer.status_code, self._where(ask)
        if status in BUSY:
            after = _retry_after(answer, self._clock.now())
            if after is not None and after > LONGEST_WAIT:
                minutes = round(after / 60)
                raise PullError(f"{where}: the vendor asks to come back in {minutes} minutes; the next run goes on")
            raise TransientError(f"the vendor answers {status}", after)
        if status in REFUSED_LOGIN:
            if isinstance(self._login, Renewable) and self._login.has_expired():
                raise TransientError(f"the vendor answers {status}")
            names = " and ".join(self._api.credentials)
            raise PullError(f"{where}: the vendor refuses these credentials ({status}); check {names}")
        if status in REFUSED_REQUEST:
            raise RefusedRequestError(f"{where}: the vendor does not take this request ({status}){self._said(answer)}")
        if status == GONE:
            raise GoneError(f"{where}: not found (404); check url in {self._table}")
        if answer.is_redirect:
            raise PullError(f"{where}: the vendor answers from another address ({status}); check url in {self._table}")
        if not answer.ok:
            raise PullError(f"{where}: the vendor answers {status}{self._said(answer)}")

    def _where(self, ask: Ask) -> str:
        return f"{urlsplit(self._url).hostname}{urlsplit(self._url).path}{ask.path}"

    def _said(self, answer: requests.Response) -> str:
        """What the vendor says of an error, in a few words; neither a credential nor what was made of it to sign."""
        text, signing = answer.text, answer.request.headers.items()
        signed = [value for name, value in signing if name not in self._session.headers]
        for secret in (*self._secrets, *(part for value in signed for part in value.split() if len(part) >= 8)):
            text = text.replace(secret, "…")
        told = " ".join(text[:200].split())
        return f": {told}" if told else ""


def _pause(state: RetryCallState) -> float:
    """What the vendor asks for, else twice as long each time, with a little chance so that many do not come at once."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, TransientError) and error.after is not None:
        return error.after
    return min(2.0 ** (state.attempt_number - 1), 60.0) * random.uniform(0.75, 1.25)


def _retry_after(answer: requests.Response, now: float) -> float | None:
    """Seconds, whether the header gives a number or a date."""
    text = answer.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        # Against the vendor's own clock, as this machine's may be wrong.
        sent = answer.headers.get("Date")
        reference = parsedate_to_datetime(sent) if sent else datetime.fromtimestamp(now, UTC)
        return max(0.0, (parsedate_to_datetime(text) - reference).total_seconds())
    except (TypeError, ValueError):
        return None


def _whole(answer: requests.Response, rows: str | None) -> Page:
    """The answer as a page. A body that is cut short or has no container is not one, whatever its status says."""
    try:
        content = json.loads(answer.content)
    except ValueError:
        raise TransientError("the answer is no whole JSON") from None
    return Page(answer.content, content, _rows(content, rows), answer.headers)


def _rows(content: Any, container: str | None) -> list[dict[str, Any]]:
    if container is None:
        found = [content] if isinstance(content, dict) and content else None
    else:
        found = content if container == "" else content.get(container) if isinstance(content, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        named = f"'{container}'" if container else "records"
        raise TransientError(f"the answer holds no {named}")
    return found


def _kind(error: Exception) -> str:
    """The kind of a network error; its text may hold the whole URL."""
    return f"no answer ({type(error).__name__})"

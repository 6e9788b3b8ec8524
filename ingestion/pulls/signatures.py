"""How requests are signed where `requests` has no class for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest
from requests.auth import AuthBase

from ingestion.pulls.client import BUSY, TIMEOUT, PullError, TransientError


class Header(AuthBase):
    """One header that holds a credential."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers[self._name] = self._value
        return request


def bearer(token: str) -> Header:
    return Header("Authorization", f"Bearer {token}")


class AccessToken(AuthBase):
    """A token that lasts for about an hour, given for one that stays: OAuth 2, `refresh_token`.

    It serves until the vendor refuses it; only a token that was never taken is a refusal of the credentials.
    """

    def __init__(self, url: str, form: Mapping[str, str], header: str, names: Collection[str]) -> None:
        """`form`: what is posted to `url`. `header`: has the token. `names`: of the credentials, for messages."""
        self._url, self._form, self._header, self._names = url, dict(form), header, names
        self._token, self._uses = "", 0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if not self._token:
            self._token, self._uses = self._given(), 0
        self._uses += 1
        request.headers[self._header] = self._token
        return request

    def has_expired(self) -> bool:
        self._token = ""
        return self._uses > 1

    def _given(self) -> str:
        answer = requests.post(self._url, data=self._form, timeout=TIMEOUT, allow_redirects=False)
        if answer.status_code in BUSY:
            raise TransientError(f"{urlsplit(self._url).hostname} answers {answer.status_code}")
        if answer.status_code != requests.codes.ok:
            told = f"{urlsplit(self._url).hostname} gives no access token ({answer.status_code})"
            raise PullError(f"{told}; check {' and '.join(self._names)}")
        try:
            return str(answer.json()["access_token"])
        except (ValueError, LookupError, TypeError):
            raise TransientError(f"{urlsplit(self._url).hostname} answers without an access token") from None

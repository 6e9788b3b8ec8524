"""What signs a request where the vendor wants a header of its own instead of HTTP's basic login."""

from __future__ import annotations

from requests import PreparedRequest
from requests.auth import AuthBase


class Header(AuthBase):
    """Sends a credential in a header."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers[self._name] = self._value
        return request

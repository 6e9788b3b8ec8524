"""Pages too long for a parser, `{"<container>": […]}` of any length, taken apart by their brackets into records.

Memory stays that of one block and one record. Whether a record is valid JSON is for who reads it to say; beside the
records nothing of a page is looked at but brackets and keys.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path

from ingestion.errors import LandingError
from ingestion.readers.common import KEPT_OF_LONG_LINE, MAX_LINE, blocks

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
#: What stands before a bracket, and the bracket.
_BRACKET = re.compile(rb'((?:[^"\[\]{}]++|%b)*+)([\[\]{}])' % _STRING, re.DOTALL)
#: The same within a record, where what holds no other brackets is passed over as a whole.
_FLAT = rb'(?:[^"\[\]{}]++|%b|[\[{](?:[^"\[\]{}]++|%b)*+[\]}])*+' % (_STRING, _STRING)
_INNER = re.compile(rb"(%b)([\[\]{}])" % _FLAT, re.DOTALL)
#: Among a page's keys: what stands before a bracket or string, and that.
_KEY = re.compile(rb'([^"\[\]{}]*+)(%b|[\[\]{}])' % _STRING, re.DOTALL)
#: In a record, up to a string without an end.
_BEFORE_OPEN = re.compile(rb'%b(?=")' % _FLAT, re.DOTALL)
_BROKEN = "malformed or truncated JSON; export the page again"
_BESIDE = f"values beside records in a page of more than {MAX_LINE >> 20} MiB; export it in smaller pages"
#: How many brackets are open around a page's keys and around its records.
_KEYS, _RECORDS = 1, 2
#: What has no bracket for so many bytes of a record is taken piece by piece.
_LONG = 64 << 10


def has_page(path: Path, container: str) -> bool:
    """True if an array stands under the container's name somewhere in the file."""
    page = re.compile(re.escape(json.dumps(container)).encode() + rb"\s{0,64}:\s{0,64}\[")
    kept = b""
    for block in blocks(path):
        if page.search(kept + block):
            return True
        kept = block[-len(container) - 160 :]
    return False


def page_records(path: Path, container: str) -> Iterator[tuple[bytes, bool]]:
    """The records of all pages of a file, in their order; True where one is cut, being longer than MAX_LINE.

    Raises LandingError for what is no sequence of pages, at the latest at its end.
    """
    return _Pages(container).records(path)


class _Pages:
    """What is known after the bytes read so far. `record`: of the one that is open, what is kept. `repeated`:
    how many bytes stand a second time at the beginning of what comes."""

    def __init__(self, container: str) -> None:
        self.key = json.dumps(container).encode()
        self.opened: list[bytes] = []
        self.last_string = b""
        self.is_container = False
        self.had_container = False
        self.record: bytearray | None = None
        self.is_cut = False
        self.repeated = 0

    def records(self, path: Path) -> Iterator[tuple[bytes, bool]]:
        carry = b""
        for block in blocks(path):
            data = carry + block
            pos = 0
            while found := self._next_token().match(data, pos):
                pos = found.end()
                if self._take(found[1], found[2]):
                    yield bytes(self.record or b""), self.is_cut
                    self.record = None
            carry = data[pos:]
            if self.record is not None and len(carry) > _LONG:
                carry = self._shorten(carry)
            elif len(carry) > MAX_LINE:
                raise LandingError(_BESIDE)
        if self.opened or carry.strip():
            raise LandingError(_BROKEN)

    def _next_token(self) -> re.Pattern[bytes]:
        if self.record is not None:
            return _INNER
        return _KEY if len(self.opened) == _KEYS else _BRACKET

    def _take(self, before: bytes, token: bytes) -> bool:
        """Moves past a token and the text before it; True if that ends a record."""
        if self.record is not None:
            self._keep(before[self.repeated :] + token)
        elif self.is_container and before.strip(b", \t\r\n"):
            raise LandingError(_BESIDE)
        self.repeated = 0
        if token in b"[{":
            self._open(before.strip(), token)
        elif token in b"]}":
            return self._close(token)
        else:
            self.last_string = token if len(token) <= len(self.key) else b""
        return False

    def _open(self, before: bytes, token: bytes) -> None:
        if not self.opened:
            if token == b"[" or before.strip(codecs.BOM_UTF8):
                raise LandingError(f"a record or line of more than {MAX_LINE >> 20} MiB; export it in smaller pages")
            self.had_container = False
        elif len(self.opened) == _KEYS:
            self.is_container = token == b"[" and self.last_string == self.key and before == b":"
            self.had_container |= self.is_container
        elif self.is_container and self.record is None:
            self.record, self.is_cut = bytearray(token), False
        self.opened.append(token)

    def _close(self, token: bytes) -> bool:
        if not self.opened or self.opened.pop() + token not in (b"[]", b"{}"):
            raise LandingError(_BROKEN)
        if not self.opened and not self.had_container:
            raise LandingError(f"a record beside a page of more than {MAX_LINE >> 20} MiB; export them apart")
        if len(self.opened) == _KEYS:
            self.is_container = False
        return self.record is not None and len(self.opened) == _RECORDS

    def _keep(self, text: bytes) -> None:
        if self.record is not None and not self.is_cut:
            self.record += text
            if len(self.record) > MAX_LINE:
                self.is_cut = True
                del self.record[KEPT_OF_LONG_LINE:]

    def _shorten(self, carry: bytes) -> bytes:
        """Keeps what has come without a bracket; what has to be read again: that a string is open, if one is."""
        self._keep(carry[self.repeated :])
        self.repeated = 0
        opened = _BEFORE_OPEN.match(carry)
        if opened is None:
            return b""
        text = carry[opened.end() :]
        escape = text[len(text.rstrip(b"\\")) :]
        again = b'"' + escape[: len(escape) % 2]
        self.repeated = len(again)
        return again

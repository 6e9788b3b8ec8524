"""Finds forgotten customers in any text by their tombstones: addresses, numbers, and the keys they had in the lake.

Nothing here knows where a text stands. What the tombstones are made of is people.py's to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from ingestion.people import People, person_key

REDACTED = "[forgotten]"

# What has no address or number in it may be long: each run of characters is looked at once, from its beginning.
_EMAIL = re.compile(r"(?<![^\s,;|<>\"\\@])[^\s,;|<>\"\\@]++@[^\s,;|<>\"\\@]+")
#: 64 characters, @, 255 characters; what stands around an address may be longer.
_LONGEST_EMAIL = 320
_BEFORE_EMAIL = re.compile(r"[=:/'(\[{&?]")
_DOMAIN = re.compile(r"[\w.-]*\w")
#: Where an address ends in the name of a file: no host has an underscore, no top-level domain is called like these.
_END_IN_NAME = re.compile(r"_|(?:[.](?:csv|tsv|txt|json|jsonl|ndjson|log|gz|zst))+\Z")
_PHONE = re.compile(
    r"(?<![\w+])(?=\+?[ \u00a0().\-/\u2010-\u2015]{0,9}\d)\+?[\d(][\d \u00a0().\-/\u2010-\u2015]{3,}\d(?!\w)"
)
_KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_FIELD = re.compile(r"[^,;|\t\r\n\"]+")
#: What stands for a byte that is no UTF-8; no loader has hashed it.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: A number has no more parts than this between blanks.
_PHONE_PARTS = 7
_REMEMBERED = 1 << 20


class ForgottenText:
    """`countries`: of the sources that the text may come from; a national number means another one in each."""

    def __init__(self, people: People, countries: Iterable[str | None]) -> None:
        self._people = people
        self._countries = {None, *countries}
        self._kinds = set(people.forgotten.values())
        self._known: dict[tuple[str, str], bool] = {}

    def holds(self, text: str) -> bool:
        """True where a forgotten customer is named anywhere in the text."""
        if not self._kinds:
            return False
        return any(True for part in {text, _unescaped(text)} for _ in self._places(part))

    def is_field(self, kind: str, text: str) -> bool:
        """True where the text as a whole is what a forgotten customer is known by."""
        if kind not in self._kinds or _SURROGATE.search(text):
            return False
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        if (kind, text) not in self._known:
            countries = self._countries if kind == "phone" else (None,)
            keys = {person_key(kind, text, self._people.key, country) for country in countries}
            self._known[kind, text] = any(self._people.is_forgotten(key) for key in keys if key)
        return self._known[kind, text]

    def holds_fields(self, text: str) -> bool:
        """`holds`, or a forgotten customer is one of the fields of this short text, whatever it looks like."""
        fields = (field.strip() for field in _FIELD.findall(text))
        return self.holds(text) or any(self.is_field(kind, field) for field in fields for kind in ("email", "phone"))

    def redacted(self, text: str) -> str:
        """The text with REDACTED for each of them; escaped characters as they are meant where they hide one."""
        if text != (plain := _unescaped(text)) and any(True for _ in self._places(plain)):
            text = plain
        done, parts = 0, []
        for start, end in sorted(self._places(text), key=lambda place: (place[0], -place[1])):
            if start >= done:
                parts += [text[done:start], REDACTED]
            done = max(done, end)
        return "".join([*parts, text[done:]])

    def redacted_name(self, name: str) -> str:
        """`redacted` for the name of a file, where a date or a word may be joined to an address."""
        starts = [0, *(match.end() for match in re.finditer("[_-]", name))]
        named = next((start for start in starts if self.holds(name[start:])), None)
        return name if named is None else name[:named] + self.redacted(name[named:])

    def scrubbed(self, extra: str) -> str:
        """A JSON object of kept columns without the values that name one of them.

        Without all of them where Python cannot read one: it is nested too deep, or a number of thousands of digits.
        """
        try:
            values = json.loads(extra)
            named = {name for name, value in values.items() if self.holds_fields(str(value))}
            return json.dumps({k: None if k in named else v for k, v in values.items()}) if named else extra
        except (ValueError, RecursionError):
            return "{}" if self.holds_fields(extra) else extra

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every name found; those of one kind do not overlap but by where they are cut."""
        if "email" in self._kinds:
            for match in _EMAIL.finditer(text):
                yield from (
                    place for place in _cuts(text, *match.span()) if self.is_field("email", text[slice(*place)])
                )
        if "phone" in self._kinds:
            for match in _PHONE.finditer(text):
                yield from (
                    place for place in _windows(*match.span(), text) if self.is_field("phone", text[slice(*place)])
                )
        for match in _KEY.finditer(text):
            if self._people.is_forgotten(match[0]):
                yield match.span()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """An address with what stands around it (mailto:, brackets, a full stop) in fewer and fewer words."""
    at = text.index("@", start, end)
    start, end = max(start, at - _LONGEST_EMAIL), min(end, at + _LONGEST_EMAIL)
    starts = [start, *(match.end() for match in _BEFORE_EMAIL.finditer(text, start, at))]
    domain = _DOMAIN.match(text, at + 1, end)
    ends = {end}
    if domain:
        ends |= {domain.end(), *(match.start() for match in _END_IN_NAME.finditer(text, at + 1, domain.end()))}
    yield from ((first, last) for first in starts for last in ends)


def _windows(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """A run of digits, blanks and signs, and every part of it between blanks: a date may stand before a number."""
    parts = [match.span() for match in re.finditer(r"[^ \u00a0]+", text[start:end])]
    for first in range(len(parts)):
        for last in range(first, min(first + _PHONE_PARTS, len(parts))):
            yield start + parts[first][0], start + parts[last][1]

"""How deeply a JSON file is nested, judged before a parser sees it: a parser's memory grows with the depth.

Brackets in strings are taken for real ones at first; only a file that then looks deep is read exactly.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingestion.errors import LandingError
from ingestion.readers.common import blocks

MAX_DEPTH = 10_000
_OPENING, _CLOSING = b"[{", b"]}"
_OTHERS = bytes(set(range(256)) - set(_OPENING + _CLOSING))
#: Levels that are taken off a block in search of its depth; any real export has fewer.
_LEVELS = 64
#: A string, to its quote or to the end of what is looked at.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)', re.DOTALL)


def refuse_deep_nesting(path: Path, size: int) -> None:
    """Raises LandingError for more than MAX_DEPTH levels."""
    if size > MAX_DEPTH and _looks_deep(path, size) and _depth(path, size) > MAX_DEPTH:
        raise LandingError(f"nested more than {MAX_DEPTH:,} levels deep: refused")


def _looks_deep(path: Path, size: int) -> bool:
    """False only where no more than MAX_DEPTH brackets can be open at once."""
    left_open = b""
    for block in blocks(path, size):
        left_open += block.translate(None, _OTHERS)
        for _ in range(_LEVELS):
            shorter = left_open.replace(b"[]", b"").replace(b"{}", b"")
            if len(shorter) == len(left_open):
                break
            left_open = shorter
        if len(left_open) > MAX_DEPTH:
            return True
    return False


def _depth(path: Path, size: int) -> int:
    depth = deepest = 0
    carry = b""
    for block in blocks(path, size):
        data = carry + block
        escape = data[len(data.rstrip(b"\\")) :]
        escape = escape[: len(escape) % 2]
        # The quote added ends a string that is open, and begins one where none is.
        data = _STRING.sub(b"", data.removesuffix(escape) + b'"|')
        is_open = data.endswith(b"|")
        carry = (b'"' if is_open else b"") + escape
        for bracket in data.translate(None, _OTHERS):
            depth += 1 if bracket in _OPENING else -1
            deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            break
    return deepest

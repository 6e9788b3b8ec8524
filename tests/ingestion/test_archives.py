"""Archives of one frame or many, whole, cut, or with something behind them."""

import gzip
import os

import pytest
import zstandard

from ingestion.archives import BITE, unpacked
from ingestion.errors import LandingError

TEXT = os.urandom(80 * BITE) + b"a" * BITE
PACK = {".gz": gzip.compress, ".ZST": zstandard.compress}


def given(packed: bytes, suffix: str) -> tuple[bytes, str]:
    """What was unpacked, and why not all of it."""
    found = b""
    try:
        for part in unpacked([packed[:7], packed[7:]], suffix, len(packed)):
            found += part
    except LandingError as error:
        return found, error.message
    return found, ""


@pytest.mark.parametrize("suffix", PACK)
def test_frames_follow_each_other(suffix):
    assert given(PACK[suffix](TEXT) + PACK[suffix](b"more"), suffix) == (TEXT + b"more", "")
    assert given(PACK[suffix](b""), suffix) == (b"", "")
    assert "truncated" in given(b"", suffix)[1]


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("damage", [lambda packed: packed[:-5], lambda packed: packed + b"garbage, not a frame"])
def test_a_damaged_archive_is_refused_after_what_is_left_of_it(suffix, damage):
    found, reason = given(damage(PACK[suffix](TEXT)), suffix)
    assert found[:BITE] == TEXT[:BITE] and "truncated or broken" in reason


def test_zeros_may_follow_a_gzip_and_make_none():
    assert given(gzip.compress(TEXT) + b"\0" * 2 * BITE, ".gz") == (TEXT, "")
    assert given(gzip.compress(TEXT) + b"\0" * 9 + gzip.compress(b"more"), ".gz") == (TEXT + b"more", "")
    assert given(b"\0" * BITE, ".gz")[1]

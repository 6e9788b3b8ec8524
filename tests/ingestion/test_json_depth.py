"""Nesting is judged from block to block: strings may run over many of them, escapes over their edges."""

import random
import tracemalloc

import pytest

from ingestion.errors import LandingError
from ingestion.readers import common, json_depth
from ingestion.readers.json_depth import MAX_DEPTH, refuse_deep_nesting


@pytest.fixture
def refuses(tmp_path, monkeypatch):
    """Whether a file of this content is refused, read in blocks of `block` bytes."""

    def _refuses(content: bytes, block: int) -> bool:
        monkeypatch.setattr(common, "BLOCK", block)
        path = tmp_path / "a.json"
        path.write_bytes(content)
        try:
            refuse_deep_nesting(path, len(content))
        except LandingError:
            return True
        return False

    return _refuses


def depth(content: bytes) -> int:
    level = deepest = 0
    in_string = escaped = False
    for byte in content:
        if in_string:
            in_string, escaped = escaped or byte != ord('"'), not escaped and byte == ord("\\")
        elif byte == ord('"'):
            in_string = True
        else:
            level += (byte in b"[{") - (byte in b"]}")
            deepest = max(deepest, level)
    return deepest


@pytest.mark.parametrize("seed", range(20))
def test_the_verdict_does_not_depend_on_the_blocks(refuses, monkeypatch, seed):
    monkeypatch.setattr(json_depth, "MAX_DEPTH", 3)
    monkeypatch.setattr(json_depth, "_LEVELS", 0)
    chance = random.Random(seed)
    for _ in range(200):
        content = bytes(chance.choice(b'"\\[]{}a\n') for _ in range(chance.randint(4, 40)))
        assert refuses(content, chance.randint(1, 7)) is (depth(content) > 3), content


@pytest.mark.parametrize("text", [b"a", b'\\"', b"[", b'a"'])
def test_a_string_without_end_takes_no_memory(refuses, text):
    content = b'{"a":"' + b"[" * (MAX_DEPTH + 1) + text * (4 << 20)
    tracemalloc.start()
    assert not refuses(content, 1 << 14)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20

"""The one-pass reading of plain NDJSON and the careful reading of an array give the same typed rows, whatever the JSON.

Every JSON stream of the adapters; values of the wrong kind in any place. Not here: what a value means (test_<source>).
"""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.adapters import STREAMS
from ingestion.streams import Source

JSON_STREAMS = {"/".join(id): stream for id, stream in STREAMS.items() if stream.shape == "json"}
SCALARS = (None, "", " padded\t", "open", "Change", "2026-01-05T08:00:00Z", "x@example.com", "{", "[]", '{"a": 1}',
           0, 17, -3, 2.5, 10**17, True, "\N{NO-BREAK SPACE}", "Grüße", "\N{GRINNING FACE}", "0176 123")  # fmt: skip


def _value(pick: random.Random, paths: list[str]):
    """Mostly what the stream expects: a document where it reads paths, else a scalar."""
    if not paths or pick.random() < 0.1:
        others = ([], [1, "b"], {}, {"channel": "web"}, [{"id": 1}], "mail")
        return pick.choice(others) if pick.random() < 0.2 else pick.choice(SCALARS)
    document: dict = {}
    for path in paths:
        *above, last = [part.strip('"') for part in path[2:].split(".")]
        node = document
        for name in above:
            node = node.setdefault(name, {}) if isinstance(node, dict) else {}
        if isinstance(node, dict) and pick.random() < 0.8:
            node[last] = _value(pick, [])
    return document


def _record(pick: random.Random, stream) -> dict:
    record = {name: _value(pick, stream.documents.get(name, [])) for name in stream.raw_fields if pick.random() < 0.9}
    if stream.unnest and pick.random() < 0.9:
        children = [_value(pick, stream.documents["child"]) for _ in range(pick.randrange(4))]
        record[stream.unnest] = children if pick.random() < 0.9 else pick.choice((None, {}, "none", 5))
    return record | ({"never_heard_of": 1} if pick.random() < 0.2 else {})


@pytest.mark.parametrize("name", JSON_STREAMS)
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(pick=st.randoms(use_true_random=True))
def test_lines_and_array_give_the_same_rows(name, typed, pick):
    stream = JSON_STREAMS[name]
    resolved = stream.resolved(Source(stream.source))
    records = [_record(pick, resolved) for _ in range(pick.randrange(1, 6))]
    lines = typed(stream, "".join(f"{json.dumps(record)}\n" for record in records))
    array = typed(stream, records)
    assert len(lines) == len(array)
    for one, other in zip(lines, array, strict=True):
        assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}, records

"""What is asked for each row of a page: the answers for all of them are landed with it, or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ingestion.pulls.api import Ask, Follow, Page
from ingestion.pulls.client import Client, GoneError, PullError


def followed(client: Client, follow: Follow, page: Page) -> list[bytes]:
    """The answers for every row of a page. What the vendor has deleted meanwhile has none."""
    bodies = []
    for row in page.rows:
        if row.get("id") is None:
            raise PullError("a record has no id; what belongs to it cannot be asked for")
        try:
            answers = list(_answers(client, follow, row))
        except GoneError:
            continue
        if follow.adds:
            named = [{follow.adds: row["id"], **record} for answer in answers for record in answer.rows]
            bodies += [json.dumps({follow.rows: named}).encode()] if named else []
        else:
            bodies += [answer.body for answer in answers if answer.rows]
    return bodies


def _answers(client: Client, follow: Follow, row: dict[str, Any]) -> Iterator[Page]:
    path, number, before = follow.path.format(id=row["id"]), 1, b""
    while True:
        params = {"page": number, "per_page": follow.size} if follow.size else {}
        answer = client.page(Ask(path, params), follow.rows)
        if answer.rows and answer.body == before:
            raise PullError(f"{path}: page {number} is the one before again; the vendor does not turn pages")
        yield answer
        if not follow.size or len(answer.rows) < follow.size:
            return
        number, before = number + 1, answer.body

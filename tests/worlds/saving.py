"""A world as JSON and back, to replay what failed."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tests.reference.world import World


def save(world: World, path: Path) -> None:
    content = {
        "as_of": world.as_of,
        "settings": world.settings,
        "streams": world.streams,
        "configuration": world.configuration,
    }
    path.write_text(json.dumps(content, default=_plain, indent=1))


def load(path: Path) -> World:
    content = json.loads(path.read_text(), object_hook=_typed)
    return World(content["streams"], content["configuration"], content["settings"], content["as_of"])


def _plain(value) -> dict:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    raise TypeError(f"{value!r} has no place in a world")


def _typed(value: dict):
    match value:
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"number": text}:
            return Decimal(text)
    return value

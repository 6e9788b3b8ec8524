"""The key that customers are hashed with, where none is given: kept in the home, made when it is first asked for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import ConfigError

if TYPE_CHECKING:
    from ingestion.settings import Settings

PII_KEY_LENGTH = 32
PII_KEY_FILE = "pii.key"


class PiiKey:
    """The key given, else the one kept in the home, made when it is first asked for (a wrong setting makes no key)."""

    def __get__(self, settings: Settings | None, owner: type | None = None):
        if settings is None:
            return self
        if settings.__dict__["_pii_key"] is None:
            settings.__dict__["_pii_key"] = _kept_pii_key(settings.home)
        return settings.__dict__["_pii_key"]

    def __set__(self, settings: Settings, value) -> None:
        settings.__dict__["_pii_key"] = None if value is self else value


def _kept_pii_key(home: Path) -> str:
    path = home / PII_KEY_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _create_once(path, secrets.token_hex(32))
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < PII_KEY_LENGTH:
        raise ConfigError(f"the key has {len(key)} characters; restore the file, customers are known by it", "pii.key")
    return key


def _create_once(path: Path, content: str) -> None:
    """Writes a file of mode 0600 whole or not at all; of two processes at once, the first one's content stands."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

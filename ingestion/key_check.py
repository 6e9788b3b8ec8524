"""The key that customers are hashed with must be the one that the lake was made with: never two mixed.

Belongs here: recognising the key and refusing another one. Not here: hashing (people.py), where the key comes from
(settings.py).
"""

from __future__ import annotations

from ingestion.errors import ConfigError
from ingestion.manifest import Manifest
from ingestion.people import key_id
from ingestion.settings import Settings

ANEW = "run --reload all to hash everything anew from the landing area"


def check_key(settings: Settings, *, anew: bool = False) -> None:
    """Raises ConfigError where the key is lost or another one. `anew`: everything is read and hashed again.

    Opens the manifest where there is one and changes nothing in it; makes no key.
    """
    if not settings.manifest_path.exists():
        return
    with Manifest(settings.manifest_path) as manifest:
        stored, forgotten = manifest.key_id(), len(manifest.tombstones())
        has_data = bool(manifest.lake_files())
    is_lost = not settings.has_pii_key
    is_other = not is_lost and stored is not None and key_id(settings.pii_key) != stored
    if not is_other and not (is_lost and (stored or has_data)):
        return
    if forgotten:
        raise ConfigError(
            f"{_what(is_lost)}, and {forgotten} tombstones of forgotten customers hold under the old key only: restore "
            "it; to change it, give a new home (--home) the new key, forget these customers there and load the landing "
            "area into it"
        )
    if not anew:
        raise ConfigError(f"{_what(is_lost)}: restore the key (SUPPORT_KPIS_PII_KEY or pii.key in the home), or {ANEW}")


def _what(is_lost: bool) -> str:
    if is_lost:
        return "pii.key is gone, but the lake was made with it"
    return "this is not the key that the lake was made with (customers would be counted twice)"

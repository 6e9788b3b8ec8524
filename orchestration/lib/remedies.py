"""What to do about a night that failed, read from the words of its error. Not here: finding that error (lib.events)."""

from __future__ import annotations

import re

# The first match counts. Words of DuckDB, SQLite, the operating system, dbt and this project.
# SQLite says "disk I/O error" where its write-ahead log finds no room.
DISK_FULL = "No space left on device|database or disk is full|disk I/O error|disk quota exceeded"
REMEDIES = (
    (
        r"the remote landing area",
        "reach it from here with the same credentials (.env.example), then run again; what was fetched stays fetched",
    ),
    (
        rf"{DISK_FULL}|MiB are free|max_temp_directory_size",
        "free disk space there (old files, or shorter [retention] in settings.toml), then run again",
    ),
    (
        r"is held open by|Could not set lock on file|Conflicting lock is held",
        "end that process, or let it read published/current instead, then run again",
    ),
    (
        r"not a valid DuckDB database file|checksum|Could not read enough bytes|Corrupt|Serialization Error"
        r"|Failure while replaying WAL",
        "run again with --full-refresh, which builds the warehouse anew from the lake",
    ),
    (
        r"Out of Memory|could not allocate|MemoryError",
        "raise memory_mib under [limits] in settings.toml or give the machine more memory, then run again",
    ),
    (
        r"killed by signal 9",
        "look whether the machine ran out of memory (lower memory_mib under [limits] in settings.toml), then run again",
    ),
    (r"not set in this environment", "set it where this runs (README, Services and workers), then run again"),
    (
        r"too many retries for DB connection",
        "look whether the server of Dagster's storage is up and its URL right (config/dagster.yaml), then run again",
    ),
    (r"Permission denied", "give the user of this run the right to read and write there, then run again"),
)
OTHERWISE = "mend what the log shows, then run again"


def with_next_step(reason: str, otherwise: str = OTHERWISE) -> str:
    """The reason and, after it, the next step: `otherwise` where its words are not known."""
    step = next((step for words, step in REMEDIES if re.search(words, reason, re.IGNORECASE)), otherwise)
    return f"{reason.rstrip('.')}. Next: {step}"


def is_disk_full(reason: str) -> bool:
    """Whether a write failed for want of space."""
    return re.search(DISK_FULL, reason, re.IGNORECASE) is not None

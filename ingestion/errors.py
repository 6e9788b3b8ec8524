"""The errors that a user can cause and mend. Programming errors do not belong here."""

from __future__ import annotations


class _LocatedError(Exception):
    """An error whose text is one line, `file:line: message`, as editors and people find their way by."""

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message, file, line)
        self.message = " ".join(message.split())
        self.file = file
        self.line = line

    def __str__(self) -> str:
        where = [str(part) for part in (self.file, self.line) if part is not None]
        return f"{':'.join(where)}: {self.message}" if where else self.message


class ConfigError(_LocatedError):
    """Wrong usage or configuration: nothing has been done, exit code 2."""


class RemoteError(_LocatedError):
    """A remote landing area that does not give what it should; the run stops, what is published stays."""


class LandingError(_LocatedError):
    """An export that cannot be read at all; its file is quarantined and the run goes on."""

"""The filesystem behind the URL, and operations on it that are tried again where that may help.

Every error that leaves here is one line without credentials. Not here: what is looked for.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import fsspec
from fsspec.registry import known_implementations

from ingestion.errors import ConfigError, RemoteError
from ingestion.remote.url import Place, protocol_of

Result = TypeVar("Result")

#: `make driver-<name>` puts the package of a protocol into the environment.
DRIVERS = {
    "s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure",
    "sftp": "sftp", "ssh": "sftp",
}  # fmt: skip
PACKAGES = {"s3": "s3fs", "gcs": "gcsfs", "azure": "adlfs", "sftp": "paramiko"}
#: Zonal buckets of Google's alone need it to be true.
GOOGLE_KINDS = "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"
#: Seconds before the second, third and fourth try.
WAITS = (1, 5, 15)
#: Their drivers try again themselves, for up to three minutes: one more try is ours.
PATIENT = frozenset({"gs", "gcs", "az", "abfs", "abfss"})
MOST_OF_AN_ERROR = 300
_PERMANENT = (PermissionError, NotImplementedError, TypeError, ValueError, ImportError, ConfigError, RemoteError)
#: Classes of drivers that need not be there: a wrong key stays wrong, and too many tries lock an account.
_REFUSALS = {
    "AuthenticationException", "BadHostKeyException", "NoCredentialsError", "PartialCredentialsError",
    "ProfileNotFound", "ClientAuthenticationError", "DefaultCredentialsError", "RefreshError",
}  # fmt: skip
_SECRET = re.compile("pass|secret|token|key|credential|sas|connection_string", re.IGNORECASE)


class Remote:
    """A place behind a URL. `waits`: seconds before each further try of an operation; null: as its driver needs."""

    def __init__(self, place: Place, waits: tuple[float, ...] | None = None) -> None:
        """Connects. Raises ConfigError for what no further try mends, RemoteError where nobody answers."""
        self.place, self.url, self._options = place, place.url, dict(place.options)
        self._class = driver(place)
        self.protocol = protocol_of(self.url)
        self._waits = (WAITS[:1] if self.protocol in PATIENT else WAITS) if waits is None else waits
        self._filesystem: Any = None
        self.tried("cannot be reached", lambda filesystem: None)

    @property
    def shown(self) -> str:
        """What errors begin with."""
        return self.place.shown

    @property
    def root(self) -> str:
        return self._class._strip_protocol(self.url).rstrip("/")

    @property
    def arguments(self) -> dict[str, Any]:
        """Of the filesystem: what the URL and the options say. May hold credentials."""
        return {**self._class._get_kwargs_from_urls(self.url), **self._options}

    @property
    def takes_many(self) -> bool:
        """True where several files may be fetched at once."""
        return bool(self._class.async_impl)

    def tried(self, what: str, operation: Callable[[Any], Result]) -> Result:
        """What the operation gives of the filesystem; after a failure once more with a connection made anew.

        Raises RemoteError after the last try; at once FileNotFoundError, and OSError where our own disk is full.
        """
        for wait in (*self._waits, None):
            try:
                filesystem = self._filesystem = self._filesystem or self._connected()
                return operation(filesystem)
            except FileNotFoundError:
                raise
            except Exception as error:
                if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
                if isinstance(error, (ConfigError, RemoteError)):
                    raise
                told = self.told(error)
                if wait is None or _is_permanent(error):
                    break
                self._filesystem = None
            time.sleep(wait)
        # Out of the block above: a chained error of a driver would be stored as it is.
        raise RemoteError(f"{self.shown} {what}: {told}")

    def told(self, error: Exception) -> str:
        """An error's own words in one line, without what may be a credential."""
        words = " ".join(str(error).split()) or type(error).__name__
        for value in _secrets(self._options):
            words = words.replace(value, "***")
        return re.sub(r"\?\S+", "?***", words)[:MOST_OF_AN_ERROR]

    def _connected(self) -> Any:
        try:
            return self._class(**self.arguments, skip_instance_cache=True)
        except TypeError as error:
            told = self.told(error)
        raise ConfigError(f"{self.place.setting.options}: {told}; leave out what the driver does not know")


def driver(place: Place) -> Any:
    """The class of its filesystem. Raises ConfigError where nothing here can read its protocol."""
    protocol = protocol_of(place.url)
    try:
        if DRIVERS.get(protocol) == "sftp":
            from ingestion.remote.sftp import KnownHostsSFTP

            return KnownHostsSFTP
        # Else gcsfs first asks over gRPC what kind the bucket is, for a minute where only HTTPS gets through.
        os.environ.setdefault(GOOGLE_KINDS, "false")
        return fsspec.get_filesystem_class(protocol)
    except ValueError:
        told = f"{place.setting.url}: nothing is known of {protocol}://; see the README for what can be read"
    except ImportError as error:
        if name := DRIVERS.get(protocol):
            told = f"{protocol}:// needs the package {PACKAGES[name]}; make driver-{name} installs it"
        else:
            needs = known_implementations.get(protocol, {}).get("err") or str(error)
            told = f"{protocol}:// needs a package that is not installed: {needs}"
    raise ConfigError(told)


def _secrets(options: dict[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        if isinstance(value, dict):
            yield from _secrets(value)
        elif _SECRET.search(name) and isinstance(value, str) and value:
            yield value


def _is_permanent(error: Exception) -> bool:
    return isinstance(error, _PERMANENT) or any(one.__name__ in _REFUSALS for one in type(error).__mro__)

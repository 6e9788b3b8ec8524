"""SFTP to hosts that are known: fsspec's own filesystem takes any host key. Needs paramiko."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from ingestion.errors import RemoteError

SYSTEM_KNOWN_HOSTS = Path("/etc/ssh/ssh_known_hosts")
CONNECT_SECONDS, SILENCE_SECONDS = 30, 300


class KnownHostsSFTP(SFTPFileSystem):
    """Host keys stand in ~/.ssh/known_hosts or /etc/ssh/ssh_known_hosts; a host without one there is refused."""

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        with suppress(OSError):
            self.client.load_system_host_keys(str(SYSTEM_KNOWN_HOSTS))
        self.client.set_missing_host_key_policy(_Refuse())
        waits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), CONNECT_SECONDS)
        self.client.connect(self.host, **{**waits, **self.ssh_kwargs})
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(SILENCE_SECONDS)


class _Refuse(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise RemoteError(
            f"the remote landing area is at an unknown host {hostname}, whose key is {key.get_name()} "
            f"{key.fingerprint}; compare it with the host's own and add it to ~/.ssh/known_hosts (ssh-keyscan)"
        )

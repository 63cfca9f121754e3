"""Fetching revocation lists from where certificates say they are: `ldap://` and `http(s)://`.

Nothing in this library calls it by itself; whoever wants fresh lists does, and keeps them. It speaks only to hosts on
an allow-list, since the address stands in a certificate that anyone may have written.
"""

import time
import tomllib
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import ClassVar, Final
from urllib.parse import SplitResult, urlsplit

import httpx

from dojang.npki import ldap
from dojang.npki.errors import FileTooLarge, MalformedFile, NpkiError

_OK: Final = 200


class FetchRefused(NpkiError):
    """The address is not one to speak to: another scheme, or a host that is not allowed. Facts: `host`."""

    code: ClassVar[str] = "fetch_refused"
    ko: ClassVar[str] = (
        "허용된 인증기관 서버가 아니어서 접속하지 않았습니다({host}). 필요한 서버라면 허용 목록에 추가해 주세요."
    )
    en: ClassVar[str] = (
        "The address is not a server of an authority and was not contacted ({host}). "
        "Add it to the allowed hosts if it is needed."
    )


class FetchFailed(NpkiError):
    """The server did not answer, or not with a list. Facts: `host`."""

    code: ClassVar[str] = "fetch_failed"
    ko: ClassVar[str] = (
        "인증기관 서버에서 폐지목록을 받지 못했습니다({host}). 네트워크를 확인하고 잠시 뒤 다시 시도해 주세요."
    )
    en: ClassVar[str] = (
        "The revocation list could not be fetched from the authority's server ({host}). "
        "Check the network and try again later."
    )


@cache
def directory_hosts() -> frozenset[str]:
    """The directory servers of the five authorities."""
    text = resources.files("dojang.npki").joinpath("directories.toml").read_text("utf-8")
    return frozenset(entry["host"] for entry in tomllib.loads(text)["directory"])


def fetch(url: str, *, timeout: float, max_bytes: int, hosts: Collection[str] | None = None) -> bytes:
    """The octets behind an address.

    Args:
        url: `ldap://host/DN?attribute` (the first value of the attribute), `http://` or `https://`.
        timeout: seconds for everything together.
        max_bytes: how much is taken at most.
        hosts: who may be asked; the five authorities' directory servers when None.

    Raises:
        FetchRefused: the scheme or the host is not allowed; no connection was made.
        FetchFailed: no connection, no answer in time, a redirect or another status, no such entry.
        FileTooLarge: more than `max_bytes`.
    """
    parts, host = _split(url)
    allowed = directory_hosts() if hosts is None else {name.casefold() for name in hosts}
    if host not in allowed or parts.scheme not in {"ldap", "http", "https"}:
        raise FetchRefused(host=host)
    try:
        if parts.scheme == "ldap":
            return _over_ldap(parts, timeout, max_bytes)
        return _over_http(url, timeout, max_bytes)
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL, MalformedFile):
        raise FetchFailed(host=host) from None


def _split(url: str) -> tuple[SplitResult, str]:
    """The parts of an address and its host: no user in it, and both parsers that will see it agree on the host."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        agreed = "@" not in parts.netloc and (parts.scheme == "ldap" or httpx.URL(url).host == host)
    except (ValueError, httpx.InvalidURL):
        raise FetchRefused(host="") from None
    if not agreed:
        raise FetchRefused(host=host)
    return parts, host


def _over_ldap(parts: SplitResult, timeout: float, max_bytes: int) -> bytes:
    values = ldap.read_attribute(ldap.LdapUrl.of(parts), timeout=timeout, max_bytes=max_bytes)
    if not values:
        raise MalformedFile
    if len(values[0]) > max_bytes:
        raise FileTooLarge(limit=max_bytes)
    return values[0]


def _over_http(url: str, timeout: float, max_bytes: int) -> bytes:
    """No redirects, which could lead off the allow-list, and no proxy from the environment."""
    deadline = time.monotonic() + timeout
    received = bytearray()
    identity = {"Accept-Encoding": "identity"}  # a packed answer could unpack to anything
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, headers=identity) as client,
        client.stream("GET", url) as response,
    ):
        if response.status_code != _OK:
            raise MalformedFile
        for chunk in response.iter_raw():
            received += chunk
            if len(received) > max_bytes:
                raise FileTooLarge(limit=max_bytes)
            if time.monotonic() > deadline:
                raise TimeoutError
    return bytes(received)

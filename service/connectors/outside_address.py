"""Addresses that may be called: allowed by name, spelled plainly, and never within our network.

A service that calls addresses people typed in can be made to call its own neighbours (OWASP API7,
server-side request forgery). What is allowed is a list of names; a name's address is checked each
time it is connected to, in `outside_connection`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx2

from service.ports.outside import ForbiddenAddressError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 2_000
DEFAULT_PORTS = {"https": 443, "http": 80}
_PLAIN = re.compile(r"https?://[!$&-;=?-Z\[\]_a-z~%]+")
"""ASCII without blanks, quotes, backslashes and '#': parsers disagree over the others."""
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*{_LABEL}")
_LIKE_A_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
"""A last label that some resolvers read as part of an address: 127.1, 0x7f000001, 017700000001."""

METADATA = frozenset(
    ipaddress.ip_address(one)
    for one in (
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
    )
)
"""Where clouds hand out the credentials of the machine; never called, whatever the lists say."""
_CARRIERS = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 that leads on to an IPv4 address within it (RFC 6052, RFC 8215, RFC 3056, RFC 4380)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an address leads, as far as its text says."""

    scheme: str
    host: str
    port: int
    is_inside: bool
    """Allowed to lie within our own network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideHosts:
    """The hosts that may be called, as `name`, `*.name` or `name:port`.

    `outside` over https alone and at public addresses; `inside` also over http, and in the firm's
    own network.
    """

    outside: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()

    def check(self, url: str) -> None:
        """Look at an address as it is written. Raises ForbiddenAddressError."""
        self.target(url)

    def target(self, url: str) -> Target:
        """Say where an address leads. Raises ForbiddenAddressError.

        1. Every parser must read it alike: plain ASCII, no user, no fragment, a plain host.
        2. Its host and port are on one of the lists, and its scheme is one that list takes.
        3. A host that is an address is one that may be connected to.
        """
        parts = _read(url)
        host, port = _host(parts), parts.port or DEFAULT_PORTS[parts.scheme]
        is_inside = self.is_inside(host, port)
        if not is_inside:
            self._require_outside(host, port, parts.scheme)
        address = _literal(host)
        if address is not None:
            require_reachable(address, is_inside=is_inside)
        return Target(scheme=parts.scheme, host=host, port=port, is_inside=is_inside)

    def is_inside(self, host: str, port: int) -> bool:
        """Say whether a host and port may lie within our own network."""
        return any(_matches(one, host, port) for one in self.inside)

    def _require_outside(self, host: str, port: int, scheme: str) -> None:
        if scheme != "https":
            raise ForbiddenAddressError(
                "it does not begin with https://", remedy="Give an address with https://."
            )
        if not any(_matches(one, host, port) for one in self.outside):
            raise ForbiddenAddressError(
                f"the host {host} is not among those that may be called at port {port}",
                remedy="Ask whoever runs the service to allow it; for events that is "
                "COUNTERSIGN_SUBSCRIBER_HOSTS.",
            )


def require_reachable(address: Address, *, is_inside: bool) -> None:
    """Raise ForbiddenAddressError for an address that must not be connected to."""
    plain = _unwrapped(address)
    if plain in METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        raise _private(address)
    if is_inside:
        return
    is_carrier = any(plain in one for one in _CARRIERS if one.version == plain.version)
    if is_carrier or not plain.is_global or plain.is_reserved:
        raise _private(address)


def _private(address: Address) -> ForbiddenAddressError:
    return ForbiddenAddressError(
        f"it leads to {address}, which is no public address",
        remedy="Give a host that is reached over the public network; one of the firm's own network "
        "must be allowed as such; for events that is COUNTERSIGN_SUBSCRIBER_INSIDE_HOSTS.",
    )


def _unwrapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _read(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not _PLAIN.fullmatch(url):
        raise _unplain("it is not written plainly")
    try:
        parts = urlsplit(url)
        port, other = parts.port, httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL) as error:
        raise _unplain("it cannot be read") from error
    if "@" in parts.netloc or "%" in parts.netloc or parts.netloc.endswith(":") or port == 0:
        raise _unplain("its host is not written plainly")
    usual = DEFAULT_PORTS[parts.scheme]
    if (other.host, other.port or usual) != (parts.hostname, port or usual):
        raise _unplain("it can be read in two ways")
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if _literal(host) is not None:
        return host
    if not _NAME.fullmatch(host) or _LIKE_A_NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _unplain("its host is neither a plain name nor a plainly written address")
    return host


def _unplain(reason: str) -> ForbiddenAddressError:
    return ForbiddenAddressError(
        reason, remedy="Write it as https://host/path, with a name in plain letters and no user."
    )


def _literal(host: str) -> Address | None:
    """The address that a host is, in its one canonical spelling."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return address if str(address) == host else None


def _matches(pattern: str, host: str, port: int) -> bool:
    """Hold host and port against a pattern; one that names no port takes the usual two."""
    name, _, wanted = pattern.rpartition(":")
    if not name or not wanted.isdigit() or (":" in name and not name.startswith("[")):
        name, wanted = pattern, ""
    if str(port) != wanted and (wanted or port not in DEFAULT_PORTS.values()):
        return False
    name = name.strip("[]").lower()
    return host.endswith(name[1:]) if name.startswith("*.") else host == name

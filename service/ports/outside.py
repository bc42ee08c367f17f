"""Which addresses outside may be called."""

from __future__ import annotations

from typing import Protocol


class ForbiddenAddressError(Exception):
    """An address that is never called; `remedy` says what would make it one that is."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


class AddressGuard(Protocol):
    """Says of an address, before anything is sent, whether it may be called."""

    def check(self, url: str) -> None:
        """Look at an address as it is written. Raises ForbiddenAddressError."""
        ...

"""How much one file may cost: what stands above these is refused before it harms anybody."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """Bounds on the process that reads a file, and on what it may hand over."""

    memory_bytes: int = 1024 * MEBIBYTE
    cpu_seconds: int = 300
    wait_seconds: float = 600.0
    """How long all waiting for rows may take together."""
    rows: int = 2_000_000
    unzipped_bytes: int = 1024 * MEBIBYTE
    columns: int = 1_000
    cell_characters: int = 131_072
    empty_rows: int = 10_000
    """Empty rows in one stretch; beyond them a cell stands far from the table."""


DEFAULT_LIMITS = ReadingLimits()

"""What a file of past entries showed: how often each rule found something, and what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.bulk.bulk_check import Checked
from models.rules.words import money
from service.commands.peak_memory import peak_memory_mb


@dataclass(slots=True)
class FoundOfCode:
    """What was found of one code in one currency: pieces of evidence, and both exposures."""

    rows: int = 0
    risk_minor: int = 0
    leak_minor: int = 0


@dataclass(slots=True)
class AuditTally:
    """What was checked and found so far; several codes may hit the same entry."""

    entries: int = 0
    sheets: int = 0
    seconds: float = 0.0
    found: dict[str, dict[str, FoundOfCode]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(FoundOfCode))
    )
    """By code and currency."""

    @property
    def entries_a_second(self) -> int:
        """Give the pace, from opening the file."""
        return round(self.entries / self.seconds) if self.seconds else 0

    def add(self, checked: Checked) -> None:
        """Count one part of the file."""
        batch = checked.facts.batch
        self.entries += len(batch.entries)
        self.sheets += len(batch)
        for code, hits in checked.found:
            currency = batch.currency[hits.item]
            for name in sorted(set(currency.tolist())):
                exposure = hits.exposure_minor[currency == name]
                own = self.found[code.value][name]
                own.rows += len(exposure)
                own.risk_minor += int(exposure[exposure > 0].sum())
                own.leak_minor -= int(exposure[exposure < 0].sum())

    def in_figures(self) -> dict[str, object]:
        """Give everything for a program."""
        return {
            "entries": self.entries,
            "sheets": self.sheets,
            "seconds": round(self.seconds, 1),
            "entries_a_second": self.entries_a_second,
            "peak_memory_mb": round(peak_memory_mb()),
            "found": {
                code: {
                    currency: {
                        "rows": own.rows,
                        "risk_minor": own.risk_minor,
                        "leak_minor": own.leak_minor,
                    }
                    for currency, own in by_currency.items()
                }
                for code, by_currency in self.found.items()
            },
        }

    def in_words(self) -> Iterator[str]:
        """Write everything for people, one line a code and currency."""
        yield f"{self.entries:,} entries in {self.sheets:,} sheets"
        yield (
            f"{self.seconds:.1f} s, {self.entries_a_second:,} entries a second, "
            f"at most {peak_memory_mb():,.0f} MB of memory"
        )
        for code, by_currency in self.found.items():
            for currency, own in by_currency.items():
                yield (
                    f"{code:<32} {own.rows:>10,}  "
                    f"risk {money(own.risk_minor, currency):>20}  "
                    f"leak {money(own.leak_minor, currency):>20}"
                )

"""Draw a firm in a process of its own, so that its time and memory are its own.

`python -m benchmarks.firm_child --people N --largest N --workers N` writes one JSON line.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass

from data.firm.practices import size_of_firm, stream_practices
from data.firm.records import Firm
from data.schemas.items import Timesheet
from service.commands.peak_memory import peak_memory_mb


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What drawing a firm took; CPU time and memory are those of all its processes.

    Every worker is counted with the most that any of them held, so the memory is an upper bound.
    """

    entries: int
    practices: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def count_entries(firm: Firm) -> int:
    """How many time entries a practice made."""
    return sum(len(one.item.entries) for one in firm.submissions if isinstance(one.item, Timesheet))


def main() -> None:
    """Draw the firm that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--largest", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    asked = parser.parse_args()
    drawn = _draw(people=asked.people, largest=asked.largest, workers=asked.workers)
    print(json.dumps(asdict(drawn)))


def _draw(*, people: int, largest: int, workers: int) -> Drawn:
    started = time.perf_counter()
    counted = list(
        stream_practices(size_of_firm(people), make=count_entries, workers=workers, largest=largest)
    )
    return Drawn(
        entries=sum(counted),
        practices=len(counted),
        seconds=time.perf_counter() - started,
        cpu_seconds=_cpu_seconds(),
        peak_mb=peak_memory_mb() + workers * _largest_worker_mb(),
    )


def _largest_worker_mb() -> float:
    """The most that one worker held; none where this process drew everything itself."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _cpu_seconds() -> float:
    """Of this process and of its workers, which have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()

"""Measure the models in a child process: the service never imports training."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PROGRAM = ("-m", "training.evaluation.cli")


class Part(StrEnum):
    """What can be measured by itself."""

    HEADS = "heads"
    PROMISE = "promise"
    OUTSIDE = "outside"
    LOOP = "loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvaluation:
    """What to measure, and how it is to be told."""

    is_quick: bool = False
    only: Sequence[Part] = ()
    outside: Path | None = None
    as_json: bool = False
    firms: int | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What the training program is told."""
        return tuple(self._options())

    def _options(self) -> Iterator[str]:
        if self.is_quick:
            yield "--quick"
        yield from (f"--only={part.value}" for part in self.only)
        if self.outside is not None:
            yield f"--outside={self.outside.absolute()}"
        if self.as_json:
            yield "--json"
        if self.firms is not None:
            yield f"--firms={self.firms}"


def evaluate_models(
    asked: ModelEvaluation,
    *,
    environment: Mapping[str, str],
    program: Sequence[str] = PROGRAM,
) -> int:
    """Run the evaluation; its tables and its progress go where ours go. Give its exit code."""
    command = [sys.executable, *program, *asked.options]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own

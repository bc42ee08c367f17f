"""What stands in `bundle.json`, and how the files of a bundle are named."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data.schemas.questions import ASKED, Question
from data.schemas.values import Name, Probability, Record, UtcTime
from models.calibration import Calibrator
from models.certificate import Certificate
from models.days import DaysDocument
from models.golden import GoldenRow, GoldenText
from models.joined import REST, JoinDocument
from models.line import Line
from models.minutes import MinutesDocument
from models.policy import PolicySettings

FORMAT = 2
"""Raise this when the document changes shape. Format 1 held two heads; it has no reader, for its
vectors and labels are not those of today and training again takes a minute."""
DOCUMENT, WORDS = "bundle.json", "words.json"
DAYS, MINUTES = "days.lgb.txt", "minutes.lgb.txt"
ALWAYS_ASKED = (Question.ANY_FAULT, Question.MISSED_CUT_OFF)
"""Questions every bundle answers; any other has a head once enough is known of it."""


def file_of(question: Question) -> str:
    """Name the file that holds the trees of a question."""
    return f"{question.value}.lgb.txt"


def file_of_kind(question: Question) -> str:
    """Name the file of a kind of fault whose trees are joined to the certified head."""
    return f"{Question.ANY_FAULT.value}.{question.value}.lgb.txt"


FILES = (DOCUMENT, *(file_of(question) for question in ALWAYS_ASKED))
"""The files every bundle holds."""
KNOWN_FILES = (
    DOCUMENT,
    *(file_of(question) for question in Question),
    *(file_of_kind(one) for one in Question if ASKED[one].is_hidden_fault or one is REST),
    WORDS,
    DAYS,
    MINUTES,
)
"""Every file a bundle may hold."""


class HeadDocument(Record):
    """What belongs to a head beside its trees."""

    calibrator: Calibrator | None
    line: Line | None = None
    """Stands beside the trees where few items bear a yes."""
    line_weight: Probability = 0.0
    flag_threshold: Probability = 1.0
    """From here on a yes is written down as a finding; of the two questions that are always asked
    the policy says it."""


class BundleDocument(Record):
    """Everything in a bundle but the trees and the words."""

    format: Literal[2] = 2
    features: tuple[Name, ...]
    """The vector of the heads: features of the catalogue, then the columns of words."""
    usual: dict[str, float | None]
    """The median of each feature in the fit slice, to set a value beside."""
    heads: dict[Question, HeadDocument]
    join: JoinDocument | None = None
    days: DaysDocument | None = None
    minutes: MinutesDocument | None = None
    has_words: bool = False
    certificates: tuple[Certificate, ...]
    policy: PolicySettings
    rules_version: Name
    metrics: dict[str, float]
    trained_from: UtcTime
    trained_to: UtcTime
    golden: tuple[GoldenRow, ...]
    golden_text: GoldenText | None = None
    reviewer_error: dict[str, Probability] = Field(default_factory=dict)
    """Share of verdicts that are wrong, by kind of item and of `all`."""

    @property
    def files(self) -> frozenset[str]:
        """The files that a bundle with this document holds, and no others."""
        beside = {WORDS: self.has_words, DAYS: self.days is not None,
                  MINUTES: self.minutes is not None}  # fmt: skip
        return frozenset(
            (
                DOCUMENT,
                *(file_of(question) for question in self.heads),
                *(() if self.join is None else map(file_of_kind, self.join.kinds)),
                *(name for name, is_there in beside.items() if is_there),
            )
        )

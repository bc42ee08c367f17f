"""Reads clauses out of text: the classifier of the home folder, and a language model beside it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

import yaml

from data.schemas.proposals import ClauseDraft
from data.schemas.vocabulary import ClauseKind
from models.clauses.classify import (
    FORMAT,
    ClauseClassifier,
    UnreadableClassifierError,
    pack,
    unpack,
)
from models.clauses.learn import LabelledClause, evaluate, learn
from models.clauses.propose import Document, Named, propose, propose_quoted, without_repeats
from service.domain.errors import UnavailableError
from service.ports.clauses import ClauseReading, QuoteReader, QuotesUnavailableError

LEARNED = "learned.npz"
"""What `countersign terms learn` writes; without it the embedded clauses are learned from."""
MEND = f"Run `countersign terms learn` anew, or delete clauses/{LEARNED} in the home folder."
FOLDS = 3
NAME_DIGITS = 12


class HomeClauseReader:
    """Proposes clauses with the classifier of the home folder; a language model may add its own."""

    def __init__(self, folder: Path, *, language_model: QuoteReader | None = None) -> None:
        self._folder = folder
        self._language_model = language_model
        self._lock = threading.Lock()
        self._named: tuple[str, Named] | None = None

    def read(self, text: str, *, currency: str, signed_on: date) -> ClauseReading:
        """Give what a contract's text says. Raises UnavailableError."""
        try:
            model = self._model()
        except UnreadableClassifierError as error:
            refused = UnavailableError(f"No clause can be read: {error}.")
            refused.remedy = MEND
            raise refused from error
        document = Document.of(text, currency=currency, signed_on=signed_on)
        drafts = propose(document, model=model)
        quoted, dropped, notes = self._quoted(document, model=model)
        return ClauseReading(
            document=document.text,
            document_sha256=document.sha256,
            drafts=without_repeats((*drafts, *quoted)),
            dropped_quotes=dropped,
            notes=notes,
        )

    def _quoted(
        self, document: Document, *, model: Named
    ) -> tuple[Sequence[ClauseDraft], int, tuple[str, ...]]:
        if self._language_model is None:
            return (), 0, ()
        try:
            answer = self._language_model.quotes(
                document.text, kinds=[kind.value for kind in ClauseKind]
            )
        except QuotesUnavailableError as error:
            return (), 0, (f"the language model was left out: {error}",)
        drafts, dropped = propose_quoted(
            document, answer.quotes, model=model, proposed_by=self._language_model.name
        )
        notes = []
        if answer.unreadable:
            notes.append(f"{answer.unreadable} rows of the language model could not be read")
        return drafts, dropped, tuple(notes)

    def _model(self) -> Named:
        with self._lock:
            learned = self._folder / LEARNED
            content = learned.read_bytes() if learned.exists() else embedded(self._folder)
            digest = hashlib.sha256(content).hexdigest()
            if self._named is None or self._named[0] != digest:
                name = f"clauses:{'learned' if learned.exists() else 'embedded'}-"
                named = Named(name=name + digest[:NAME_DIGITS], classifier=unpack(content))
                self._named = (digest, named)
            return self._named[1]


def embedded(folder: Path) -> bytes:
    """Give the classifier of the embedded clauses, trained at first use and kept in a folder."""
    written = files("data").joinpath("samples", "clauses.yaml").read_bytes()
    digest = hashlib.sha256(written).hexdigest()[:NAME_DIGITS]
    path = folder / f"embedded-{FORMAT}-{digest}.npz"
    try:
        content = path.read_bytes()
        unpack(content)
    except (OSError, UnreadableClassifierError):
        content = pack(_trained(embedded_clauses()))
        keep_classifier(content, path=path)
    return content


def embedded_clauses() -> list[LabelledClause]:
    """Give the clauses written for this project; each place in a list counts as one contract."""
    listed = yaml.safe_load(files("data").joinpath("samples", "clauses.yaml").read_text("utf-8"))
    return [
        LabelledClause(text=text, label=kind, contract=f"embedded-{number}")
        for kind, texts in listed.items()
        for number, text in enumerate(texts)
    ]


def keep_classifier(content: bytes, *, path: Path) -> None:
    """Write a classifier so that a reader finds the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_suffix(".part")
    staged.write_bytes(content)
    staged.replace(path)


def _trained(clauses: Sequence[LabelledClause]) -> ClauseClassifier:
    return learn(clauses, temperature=evaluate(clauses, folds=FOLDS).temperature)

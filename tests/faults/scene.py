"""Five bills on their way to a sandbox ledger that loses answers, limits calls and says no."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from data.schemas.vocabulary import PostingStatus
from service.audit.canonical import canonical
from service.clock import SystemClock
from service.connectors.sandbox import SandboxLedger
from service.connectors.tryton import connect_tryton
from service.connectors.tryton_books import BookSettings
from service.connectors.tryton_ledger import TrytonLedger
from service.domain.bill import Bill
from service.domain.posting import Posting
from service.ports.clock import Ids
from service.ports.faults import PassBy
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideRefusedError,
    OutsideTransientError,
)
from service.scoring.watching import LiveWatcher
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates, post_billing
from service.workflows.engine import DbosEngine, prepare_engine
from service.workflows.flows import FlowParts, PostOne
from tests.builders.items import milestone, timesheet
from tests.builders.service import Workplace, never
from tests.fakes.scorer import CLEAR

CLEARED = ("plain", "lost", "limited", "refused", "last")
DECIDED = "decided"
NAMES = (*CLEARED, DECIDED)
REST_SECONDS = 1.5
"""Longer than the next bill takes to begin, also on a busy machine."""
TRYTON = "tryton.json"
"""Names the Tryton that takes the place of the sandbox in a folder."""


class FickleLedger:
    """A ledger that loses one answer, asks for patience once, and refuses one bill for good.

    What it did once stands in a file, as a restarted worker meets the same ledger.
    """

    name = "sandbox"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inner = ledger_in(folder)

    def find_by_token(self, token: str) -> Receipt | None:
        return self._inner.find_by_token(token)

    def create_draft(self, bill: Bill) -> Receipt:
        if bill.item_id.endswith("refused"):
            raise OutsideRefusedError("the period is closed")
        if bill.item_id.endswith("limited") and self._is_first("limited"):
            raise OutsideTransientError("too many calls", retry_after_seconds=REST_SECONDS)
        receipt = self._inner.create_draft(self._in_its_currency(bill))
        if bill.item_id.endswith("lost") and self._is_first("lost"):
            raise OutsideAmbiguousError("the answer was lost")
        return receipt

    def post(self, document_id: str) -> Receipt:
        return self._inner.post(document_id)

    def read_state(self, document_id: str) -> str:
        return self._inner.read_state(document_id)

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        return self._inner.payments(document_id)

    def _in_its_currency(self, bill: Bill) -> Bill:
        """The books of the Tryton in tests are in dollars, and know no other money."""
        return bill if isinstance(self._inner, SandboxLedger) else replace(bill, currency="USD")

    def _is_first(self, what: str) -> bool:
        mark = self._folder / what
        if mark.exists():
            return False
        mark.touch()
        return True


def ledger_in(folder: Path) -> SandboxLedger | TrytonLedger:
    """Give the ledger of a folder: the Tryton that is named there, or a sandbox."""
    named = folder / TRYTON
    if not named.exists():
        return SandboxLedger(folder / "sandbox.db")
    return connect_tryton(
        **json.loads(named.read_text()),
        party_names={"acme": "Acme Manufacturing"},
        books=BookSettings(),
        lock_folder=folder / "locks",
    ).ledger


def submit(url: str, *, ids: Ids | None = None) -> None:
    """Have five bills cleared by policy and one decided by a person; nothing is posted yet.

    With `ids` of its own each submission has tokens that no other has.
    """
    prepare_engine(url)
    place = Workplace(url, undo_window=timedelta(0))
    if ids is not None:
        place.ids = ids  # type: ignore[assignment]
    engine = DbosEngine(url)
    place.engine = engine  # type: ignore[assignment]
    sheets = [timesheet(external_id=name) for name in CLEARED]
    for one in sheets:
        place.scorer.says(one.item_id, **CLEAR)
    place.assess(*sheets)
    place.decided(milestone(external_id=DECIDED))
    engine.close()
    place.close()


@contextmanager
def parts(
    url: str, folder: Path, *, passing: PassBy, post: PostOne = post_billing
) -> Iterator[FlowParts]:
    """Give what the flows work with over such a database."""
    with opened(url) as open_work, closing(DbosEngine(url)) as engine:
        yield FlowParts(
            open_work=open_work,
            ledger=FickleLedger(folder),
            gates=Gates(billed=BilledRows(), regions={}),
            watcher=LiveWatcher(),
            coin=never,
            carry_out=_carries_nothing,
            now=SystemClock().now,
            owner_of_failures="ines",
            engine=engine,
            draw=lambda: 0.0,
            passing=passing,
            post=post,
        )


@contextmanager
def opened(url: str) -> Iterator[WorkOpener]:
    """Open such a database."""
    engine = open_for_writing(url)
    try:
        yield WorkOpener(engine, canonical=canonical)
    finally:
        engine.dispose()


def postings(open_work: WorkOpener) -> dict[str, Posting]:
    """Give the posting of each bill, by its short name."""
    with open_work() as uow:
        return {name: uow.postings.of_item(f"test:{name}")[-1] for name in NAMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the two sides say in the end."""

    lost: tuple[str, ...]
    """Bills that we take for posted and the ledger does not have, or that still wait."""
    doubled: tuple[str, ...]
    """Items that the ledger bills twice."""
    wrong: tuple[str, ...]
    """Bills that are neither posted nor with their owner, as they should."""

    @property
    def are_right(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


def compare(url: str, folder: Path) -> Books:
    """Hold what we say against what the ledger has."""
    with opened(url) as open_work:
        found = postings(open_work)
    times = _times(folder, found)
    should = dict.fromkeys(NAMES, PostingStatus.DONE) | {"refused": PostingStatus.REFUSED}
    done = [name for name, one in found.items() if one.status is PostingStatus.DONE]
    waits = [name for name, one in found.items() if one.status is PostingStatus.PENDING]
    return Books(
        lost=tuple([name for name in done if not times[name]] + waits),
        doubled=tuple(name for name, count in times.items() if count > 1),
        wrong=tuple(name for name, one in found.items() if one.status is not should[name]),
    )


def _times(folder: Path, found: dict[str, Posting]) -> Counter[str]:
    """How often the ledger has each bill; by its item, where another key would hide a repeat."""
    ledger = ledger_in(folder)
    if isinstance(ledger, SandboxLedger):
        return Counter(one.bill.item_id.removeprefix("test:") for one in ledger.documents())
    name_of = {one.token: name for name, one in found.items()}
    written = [one.token for one in ledger.documents()]
    return Counter(name_of[token] for token in written if token in name_of)


def _carries_nothing(_job_id: str) -> object:
    raise AssertionError("no order to the models is given here")

"""One item, three ways: the API, the bulk path and a replay say the same of it, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.assessment import Assessment, Finding
from data.schemas.billing import Invoice
from data.schemas.items import AnyItem, Timesheet
from data.schemas.reference import Reference
from data.schemas.vocabulary import InvoiceStatus, Proof
from models.bulk.bulk_check import BulkCheck, Checked
from models.bulk.tables import batch_of_table
from models.codes import Codes
from models.columns import Batch, to_batch
from models.past.history import History
from models.rules.check_columns import check_columns
from models.rules.facts import Facts
from models.rules.hits import to_findings
from models.terms import Terms
from service.api.intake import Intake
from service.commands.opened import opened_for_reading
from service.scoring.coin import load_coin
from service.scoring.replay import Replay, replay
from tests.builders.api import RunningApi, running_api
from tests.builders.checking import LONG_AGO
from tests.builders.databases import settings_over
from tests.builders.flat_tables import flat_sheet, flat_table
from tests.builders.strategies import (
    DECIDED_AT,
    batches,
    fixed_seed,
    in_order_of_arrival,
    invoices,
    worlds,
)
from tests.builders.strict_world import strict_world
from tests.fakes.clock import SettableClock

Said = dict[str, list[str]]
"""Findings that rules prove, as bytes, by item."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("three-ways") / "home"


@pytest.fixture(scope="module")
def api(home):
    """The API as it is deployed, on the day of the decision."""
    with running_api(home, reference=strict_world()) as running:
        parts = replace(running.app.state.parts, clock=SettableClock(DECIDED_AT))
        running.app.state.parts, running.app.state.intake = parts, Intake(parts)
        yield running


@pytest.fixture(scope="module")
def runs():
    """A new source for each example: an item that came before would not be assessed again."""
    return (f"run{number}" for number in count())


@fixed_seed(15)
@given(
    world=worlds(),
    items=batches(size=4),
    bills=invoices(),
    cuts=st.lists(st.integers(0, 8), max_size=2),
)
def test_api_bulk_and_replay_say_the_same_to_the_byte(api, home, runs, world, items, bills, cuts):
    source = next(runs)
    # The API refuses what it holds no contract for, so that nobody takes it for checked.
    known = [item for item in items if item.contract_id in world.contracts]
    arriving = in_order_of_arrival([_of_source(source, item) for item in known])
    billed = [_of_milestones_of(source, one) for one in bills]
    bounds = [0, *sorted(min(cut, len(arriving)) for cut in cuts), len(arriving)]
    parts = [arriving[low:high] for low, high in pairwise(bounds) if high > low]
    try:
        _tell(api, world, billed)
        assessed = [one for part in parts for one in _assessed(api, part)]
        assert _by_bulk(world, arriving, billed) == {
            one.item_id: _bytes(one.findings) for one in assessed
        }
        for one in assessed:
            again = _replayed(home, one.id)
            assert again.differences == ()
            assert again.again.model_dump_json() == one.model_dump_json()
    finally:
        _forget(api, arriving, billed)


def _of_source(source: str, item: AnyItem) -> AnyItem:
    """The item under another source, signed as a flat row can say it."""
    kept = flat_sheet(item) if isinstance(item, Timesheet) else item
    return kept.model_copy(update={"source": source})


def _of_milestones_of(source: str, bill: Invoice) -> Invoice:
    """The bill, with its milestones under that source."""
    (line,) = bill.lines
    if line.milestone_id is None:
        return bill
    named = line.model_copy(update={"milestone_id": f"{source}:{line.milestone_id.split(':')[1]}"})
    return bill.model_copy(update={"lines": (named,)})


def _tell(api: RunningApi, world: Reference, bills: Iterable[Invoice]) -> None:
    for name, contract in world.contracts.items():
        body = contract.model_dump(mode="json")
        assert api.call("full-key", "PUT", f"/v1/contracts/{name}", json=body).status_code == 200
    for one in bills:
        body = [one.model_dump(mode="json")]
        assert api.call("full-key", "POST", "/v1/invoices", json=body).status_code == 200


def _forget(api: RunningApi, items: Iterable[AnyItem], bills: Iterable[Invoice]) -> None:
    """Leave nothing behind that counts: items are deleted, and bills are credited."""
    for item in items:
        api.call("full-key", "DELETE", f"/v1/items/{item.source}%3A{item.external_id}")
    _tell(
        api,
        strict_world(),
        [one.model_copy(update={"status": InvoiceStatus.CREDITED}) for one in bills],
    )


def _assessed(api: RunningApi, part: Sequence[AnyItem]) -> list[Assessment]:
    answer = api.assess(*part)
    assert answer.status_code == 200
    results = answer.json()["results"]
    refused = [one["rejection"] for one in results if one["rejection"]]
    assert not refused, refused
    return [Assessment.model_validate_json(json.dumps(one["assessment"])) for one in results]


def _bytes(findings: Iterable[Finding]) -> list[str]:
    # What is only likely rests on what was learned before, which the bulk path does not keep.
    return [one.model_dump_json() for one in findings if one.proof is Proof.RULE]


def _by_bulk(world: Reference, items: Sequence[AnyItem], bills: Sequence[Invoice]) -> Said:
    sheets = [item for item in items if isinstance(item, Timesheet)]
    others = [item for item in items if not isinstance(item, Timesheet)]
    said: Said = {}
    if sheets:
        # The bulk path keeps no bills; where there are some, its batch meets a full history.
        said |= _by_history(world, sheets, bills) if bills else _by_file(world, sheets)
    if others:
        said |= _by_history(world, others, bills)
    return said


def _by_file(world: Reference, sheets: Sequence[Timesheet]) -> Said:
    bulk = BulkCheck(world, decided_at=DECIDED_AT)
    return _said(bulk.check(bulk.lay_out(flat_table(sheets))))


def _by_history(world: Reference, items: Sequence[AnyItem], bills: Iterable[Invoice]) -> Said:
    codes = Codes()
    terms, history = Terms.build(world, codes=codes), History(codes=codes)
    for one in bills:
        history.add_invoice(one, known_at=LONG_AGO)
    batch = _laid_out(items, codes=codes)
    past = history.past(batch, decided_at=DECIDED_AT)
    facts = Facts.gather(batch, past=past, terms=terms, decided_at=DECIDED_AT)
    return _said(Checked(facts=facts, found=check_columns(facts)))


def _laid_out(items: Sequence[AnyItem], *, codes: Codes) -> Batch:
    sheets = [item for item in items if isinstance(item, Timesheet)]
    return (
        batch_of_table(flat_table(sheets), codes=codes) if sheets else to_batch(items, codes=codes)
    )


def _said(checked: Checked) -> Said:
    names = checked.facts.batch.item_id.tolist()
    said: Said = {name: [] for name in names}
    for code, hits in checked.found:
        for place, finding in to_findings(code, hits, facts=checked.facts):
            said[names[place]] += _bytes([finding])
    return said


def _replayed(home, assessment_id: str) -> Replay:
    settings = settings_over(home)
    with opened_for_reading(settings) as open_work, open_work() as uow:
        coin = load_coin(settings.secrets_folder)
        return replay(assessment_id, uow=uow, bundle_of=_no_bundle, coin=coin)


def _no_bundle(bundle_id):
    raise AssertionError(f"{bundle_id} was asked for, though rules alone assessed")

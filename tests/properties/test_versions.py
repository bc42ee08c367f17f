"""What is superseded or withdrawn is as if it had never come."""

from __future__ import annotations

from hypothesis import given

from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.checking import LONG_AGO, findings
from tests.builders.strategies import DECIDED_AT, batches, fixed_seed, invoices, worlds


@fixed_seed(60)
@given(worlds(), batches(size=4), batches(size=4), invoices(size=5))
def test_older_versions_of_items_change_no_finding(world, older, items, bills):
    names = {item.item_id for item in items}
    before = [item for item in older if item.item_id in names]
    known = {"under": world, "invoices": bills, "decided_at": DECIDED_AT}
    assert findings(*items, before=before, **known) == findings(*items, **known)


@fixed_seed(60)
@given(worlds(), batches(size=4), batches(size=4), invoices(size=5))
def test_items_withdrawn_before_change_no_finding(world, before, items, bills):
    codes = Codes()
    terms, history = Terms.build(world, codes=codes), History(codes=codes)
    for one in bills:
        history.add_invoice(one, known_at=LONG_AGO)
    withdrawn = [item.model_copy(update={"source": "withdrawn"}) for item in before]
    history.add_items(withdrawn, known_at=LONG_AGO, through=1)
    for item in withdrawn:
        history.retire(item.item_id)
    batch = to_batch(items, codes=codes)
    past = history.past(batch, decided_at=DECIDED_AT)
    said = check(batch, past=past, terms=terms, decided_at=DECIDED_AT)
    known = {"under": world, "invoices": bills, "decided_at": DECIDED_AT}
    assert dict(zip([one.item_id for one in items], said, strict=True)) == findings(*items, **known)

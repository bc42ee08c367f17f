"""Orders to the models: one after the other, written down with who gave them and what came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, JobStatus, ModelOrder
from service.domain.errors import NotFoundError, OrderUnderWayError
from service.usecases.learning.carry_out_order import Workshop, carry_out_order
from service.usecases.learning.order_models import begin_order, order_models
from service.usecases.learning.plan_retraining import RetrainingPlan, due_order, order_if_due
from tests.fakes.training import FakeTraining, NoRows

DAY = timedelta(days=1)
WEEKLY = RetrainingPlan(every=7 * DAY, on_drift=False, drift_every=DAY)
ON_DRIFT = RetrainingPlan(every=None, on_drift=True, drift_every=DAY)
NEVER = RetrainingPlan(every=None, on_drift=False, drift_every=DAY)


class SomeRows(NoRows):
    """An export that remembers for whom it was made."""

    def __init__(self, folder):
        self.asked_by = []
        self._folder = folder

    def export(self, *, actor_id):
        self.asked_by.append(actor_id)
        return [self._folder / "rows.jsonl"]


@pytest.fixture
def training():
    return FakeTraining()


@pytest.fixture
def workshop(workplace, training, tmp_path):
    return Workshop(
        open_work=workplace.open_work,
        rows=SomeRows(tmp_path),
        training=training,
        now=workplace.clock.now,
    )


def _order(workplace, ordered=ModelOrder.RETRAIN, *, version=None):
    return workplace.run(
        lambda uow: order_models(
            ordered,
            version=version,
            actor_id="dora",
            uow=uow,
            now=workplace.clock.now(),
            ids=workplace.ids,
        )
    )


def _due(workplace, plan):
    return workplace.run(lambda uow: due_order(plan, uow=uow, now=workplace.clock.now()))


def test_a_retraining_stands_in_the_trail_with_its_gate_and_reasons(workplace, workshop, training):
    training.results[ModelOrder.RETRAIN] = {
        "bundle": "b-9", "version": 4, "promoted": False, "gate": "refused",
        "reasons": ["a slice is much worse"], "metrics": {"auc": 0.7},
    }  # fmt: skip
    job = carry_out_order(_order(workplace).id, workshop=workshop)
    assert (job.status, job.result["version"]) == (JobStatus.DONE, 4)
    (ordered,) = workplace.audited(AuditEvent.MODEL_CHANGE_ORDERED)
    assert (ordered["actor"], ordered["facts"]["order"]) == ("dora", "retrain")
    assert len(workplace.audited(AuditEvent.RETRAINING_STARTED)) == 1
    (finished,) = workplace.audited(AuditEvent.RETRAINING_FINISHED)
    assert finished["facts"] == {
        "order": "retrain", "version": 4, "status": "done", "why": None, "bundle": "b-9",
        "promoted": False, "gate": "refused", "reasons": ["a slice is much worse"],
    }  # fmt: skip


def test_only_what_looks_at_the_trail_has_it_exported(workplace, workshop, training):
    carry_out_order(_order(workplace, ModelOrder.PROMOTE, version=2).id, workshop=workshop)
    carry_out_order(_order(workplace, ModelOrder.DRIFT).id, workshop=workshop)
    assert workshop.rows.asked_by == ["dora"]
    assert training.orders == [(ModelOrder.PROMOTE, 2), (ModelOrder.DRIFT, None)]
    assert [len(rows) for rows in training.rows] == [0, 1]
    (finished, _) = workplace.audited(AuditEvent.MODEL_CHANGE_FINISHED)
    assert (finished["facts"]["order"], finished["facts"]["version"]) == ("promote", 2)


def test_a_second_order_waits_until_the_first_has_ended(workplace, workshop):
    first = _order(workplace)
    with pytest.raises(OrderUnderWayError, match=first.id):
        _order(workplace, ModelOrder.PROMOTE, version=2)
    carry_out_order(first.id, workshop=workshop)
    _order(workplace, ModelOrder.PROMOTE, version=2)


def test_a_training_that_fails_is_the_end_of_its_order_and_of_nothing_else(
    workplace, workshop, training
):
    training.fails = "too few rows"
    job = carry_out_order(_order(workplace).id, workshop=workshop)
    assert (job.status, job.why) == (JobStatus.FAILED, "too few rows")
    (finished,) = workplace.audited(AuditEvent.RETRAINING_FINISHED)
    assert (finished["facts"]["status"], finished["facts"]["why"]) == ("failed", "too few rows")
    _order(workplace)


def test_an_order_whose_worker_died_is_carried_out_once_more(workplace, workshop, training):
    job = _order(workplace)
    workplace.run(lambda uow: begin_order(job.id, uow=uow, now=workplace.clock.now()))
    assert carry_out_order(job.id, workshop=workshop).status is JobStatus.DONE
    assert carry_out_order(job.id, workshop=workshop).status is JobStatus.DONE
    assert len(training.orders) == 1
    assert len(workplace.audited(AuditEvent.RETRAINING_STARTED)) == 1


def test_an_order_nobody_gave_is_not_found(workshop):
    with pytest.raises(NotFoundError, match="job-none"):
        carry_out_order("job-none", workshop=workshop)


def test_by_the_calendar_models_are_trained_when_the_period_is_over(workplace, workshop):
    assert _due(workplace, WEEKLY) is ModelOrder.RETRAIN
    carry_out_order(_order(workplace).id, workshop=workshop)
    workplace.clock.forward(days=6)
    assert _due(workplace, WEEKLY) is None
    workplace.clock.forward(days=1)
    assert _due(workplace, WEEKLY) is ModelOrder.RETRAIN


def test_without_a_plan_nothing_is_ever_due(workplace):
    workplace.clock.forward(days=4_000)
    assert _due(workplace, NEVER) is None


@pytest.mark.parametrize("has_drifted", [True, False])
def test_drift_that_was_seen_is_answered_by_one_training(
    workplace, workshop, training, has_drifted
):
    training.results[ModelOrder.DRIFT] = {"needs_retraining": has_drifted}
    assert _due(workplace, ON_DRIFT) is ModelOrder.DRIFT
    carry_out_order(_order(workplace, ModelOrder.DRIFT).id, workshop=workshop)
    assert _due(workplace, ON_DRIFT) is (ModelOrder.RETRAIN if has_drifted else None)
    workplace.clock.forward(minutes=1)
    carry_out_order(_order(workplace).id, workshop=workshop)
    assert _due(workplace, ON_DRIFT) is None
    workplace.clock.forward(days=1)
    assert _due(workplace, ON_DRIFT) is ModelOrder.DRIFT


def test_what_is_due_is_ordered_once_in_the_name_of_policy(workplace):
    def order_twice(uow):
        given = {"uow": uow, "engine": workplace.engine, "now": workplace.clock.now()}
        return [order_if_due(WEEKLY, ids=workplace.ids, **given) for _ in range(2)]

    job, nothing = workplace.run(order_twice)
    assert (job.actor_id, nothing) == ("policy", None)
    assert workplace.enqueued() == [("order", job.id, 0.0)]

"""Puts the worker together: its flows, its orders to the models, and what it does in between."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from data.regions.shipped import shipped_regions
from service.audit.canonical import canonical
from service.clock import SystemClock, SystemIds
from service.connectors.shell_orders import ShellOrders
from service.connectors.training_process import TrainingProcess
from service.connectors.training_rows import TrainingRows
from service.domain.notification import Notification
from service.ports.engine import DecisionContext
from service.ports.flows import POSTING_QUEUE
from service.scoring.coin import load_coin, load_raters
from service.scoring.watching import LiveWatcher
from service.settings import Settings, environment
from service.store.database import open_for_reading, open_for_writing
from service.store.unit_of_work import WorkOpener
from service.usecases.approvals.chase_approvals import chase_approvals
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates
from service.usecases.billing.watch_exceptions import take_up_forgotten, tell_late_exceptions
from service.usecases.flows.keep_flows import keep_flows
from service.usecases.flows.one_transaction import in_one_transaction
from service.usecases.learning.carry_out_order import Workshop, carry_out_order
from service.usecases.learning.order_models import end_abandoned
from service.usecases.learning.plan_retraining import RetrainingPlan, order_if_due
from service.usecases.people.set_absence import return_leases_of_the_absent
from service.usecases.telling.deliver_notifications import deliver_notifications
from service.usecases.telling.tell_known_cases import monday_of, tell_known_cases
from service.usecases.upkeep.sweep_cases import sweep_cases
from service.wiring.outside import build_ledger, build_messengers
from service.workflows.engine import DbosEngine
from service.workflows.flows import FlowParts
from service.workflows.steering import DbosFlows


def training_process(settings: Settings) -> TrainingProcess:
    """Give the training program, as a child with our settings in its environment."""
    return TrainingProcess(settings.home, environment=environment(settings))


def build_workshop(settings: Settings, *, training: TrainingProcess) -> Workshop:
    """Give what orders to the models are carried out with."""
    clock = SystemClock()
    write = WorkOpener(open_for_writing(settings.database), canonical=canonical)
    rows = TrainingRows(
        home=settings.home,
        read=WorkOpener(open_for_reading(settings.database), canonical=canonical),
        write=write,
        now=clock.now,
        rater_of=load_raters(settings.secrets_folder),
        cut_off_day=settings.billing_cut_off_day,
    )
    return Workshop(open_work=write, rows=rows, training=training, now=clock.now)


def build_flows(settings: Settings, *, workshop: Workshop) -> FlowParts:
    """Put the worker together."""
    return FlowParts(
        open_work=workshop.open_work,
        ledger=build_ledger(settings),
        gates=Gates(billed=BilledRows(), regions=shipped_regions()[0]),
        watcher=LiveWatcher(),
        coin=load_coin(settings.secrets_folder),
        carry_out=lambda job_id: carry_out_order(job_id, workshop=workshop),
        now=SystemClock().now,
        owner_of_failures=settings.owner_of_failures,
        engine=DbosEngine(settings.database),
        draw=random.SystemRandom().random,
        is_posting_stopped=lambda: _is_posting_stopped(workshop),
    )


def build_upkeep(settings: Settings, *, workshop: Workshop) -> Callable[[], None]:
    """Give what the worker does from time to time.

    It ends the orders of commands that are gone, and orders a retraining, or a look for drift,
    whenever the plan says so.
    """
    plan = RetrainingPlan(
        every=settings.retrain_every,
        on_drift=settings.retrain_on_drift,
        drift_every=settings.drift_every,
    )
    engine, ids, shell = DbosEngine(settings.database), SystemIds(), ShellOrders(settings.home)
    flows = DbosFlows(settings.database)
    messengers = build_messengers(settings)
    week: datetime | None = None

    def link_of(note: Notification) -> str:
        page = f"case?case={note.case_id}" if note.case_id else "my_work?tab=Notifications"
        return f"{settings.review_url}/{page}"

    def keep_up() -> None:
        nonlocal week
        settings.worker_seen_file.touch()
        with workshop.open_work() as uow:
            if shell.is_free():
                end_abandoned(uow=uow, now=workshop.now())
            order_if_due(plan, uow=uow, engine=engine, now=workshop.now(), ids=ids)
            return_leases_of_the_absent(uow=uow, now=workshop.now())
        with workshop.open_work() as uow:
            sweep_cases(
                context=DecisionContext(
                    uow=uow,
                    engine=engine,
                    ledger=settings.ledger.value,
                    undo_window=settings.undo_window,
                    now=workshop.now(),
                    ids=ids,
                )
            )
        with workshop.open_work() as uow:
            tell_late_exceptions(uow=uow, now=workshop.now())
            # What somebody holds back is not forgotten.
            if not uow.flow_holds.all():
                take_up_forgotten(uow=uow, engine=engine, now=workshop.now(), ids=ids)
        with workshop.open_work() as uow:
            chase_approvals(uow=uow, now=workshop.now())
        keep_flows(
            flows=flows,
            run=in_one_transaction(workshop.open_work),
            now=workshop.now(),
            keep_for=settings.keep_flows,
        )
        if week != monday_of(workshop.now()):
            with workshop.open_work() as uow:
                week = tell_known_cases(uow=uow, now=workshop.now())
        deliver_notifications(
            open_work=workshop.open_work, messengers=messengers, link_of=link_of, now=workshop.now
        )

    return keep_up


def _is_posting_stopped(workshop: Workshop) -> bool:
    with workshop.open_work() as uow:
        return uow.flow_holds.get(POSTING_QUEUE) is not None

"""Orders to the models: each asks first, then shows how far it has come."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.schemas.vocabulary import JobStatus
from review_app import clock, formats, session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.models import models_view
from service.wire.models import JobView, ModelsView

POLL_SECONDS = 2


def orders(view: ModelsView, jobs: tuple[JobView, ...]) -> None:
    """Offer every order; while one waits or runs, its progress stands in their place."""
    if view.order is not None:
        _follow(view.order)
        return
    client = session.desk().client
    bar = st.container(horizontal=True)
    _order(
        "Retrain", "Training reads everything the trail holds and takes minutes. The gate decides "
        "whether the result takes the champion's place.", client.retrain, bar,
        icon=":material/model_training:",
    )  # fmt: skip
    _order(
        "Look for drift", "Looks whether items, verdicts or calibration have moved away from "
        "what was learned; it changes nothing.", client.look_for_drift, bar,
        icon=":material/trending_up:",
    )  # fmt: skip
    if view.challenger is not None:
        _order(
            "End the shadow", f"{view.challenger.id} is asked no more.", client.end_shadow, bar,
            icon=":material/stop:",
        )  # fmt: skip
    _of_a_version(view, jobs)


def _of_a_version(view: ModelsView, jobs: tuple[JobView, ...]) -> None:
    client = session.desk().client
    champion = view.champion.version if view.champion is not None else None
    known = models_view.earlier_versions(jobs, champion=champion)
    page.section("A version of the registry")
    version = st.number_input(
        "Version", min_value=1, step=1, value=known[0] if known else None, width=180,
        key="model_version", placeholder="number",
    )  # fmt: skip
    if known:
        st.caption(f"Named before: {', '.join(str(one) for one in known)}.")
    if version is None:
        st.caption("Write the number of a version that MLflow lists.")
        return
    bar = st.container(horizontal=True)
    now = "nothing" if view.champion is None else view.champion.id
    _order(
        f"Promote {version}", f"Version {version} becomes champion in place of {now}, and decides "
        "what is cleared from the next item on. A version that the gate refused is not taken.",
        lambda: client.promote(version), bar, icon=":material/arrow_upward:",
    )  # fmt: skip
    _order(
        f"Roll back to {version}", f"Version {version}, champion before, takes the place of {now}. "
        "What was decided stays.", lambda: client.roll_back(version), bar, icon=":material/undo:",
    )  # fmt: skip
    _order(
        f"Shadow {version}", f"Version {version} is asked about every new item beside the "
        "champion, without any effect.", lambda: client.shadow(version), bar,
        icon=":material/content_copy:",
    )  # fmt: skip


def _order(
    label: str, question: str, order: Callable[[], JobView], bar: DeltaGenerator, *, icon: str
) -> None:
    key = f"order_{label.split(maxsplit=1)[0].lower()}_{label.rsplit(maxsplit=1)[-1]}"
    if page.asked_confirmation(label, key=key, question=question, place=bar, icon=icon):
        job = order()
        page.done(f"{label} was ordered as {job.id}; the worker carries it out.")


def _follow(order: JobView) -> None:
    job_id = order.id

    def look() -> None:
        job = session.desk().client.model_job(job_id)
        if job.status in {JobStatus.DONE, JobStatus.FAILED}:
            st.rerun()
        since = job.started_at or job.ordered_at
        words = "runs" if job.started_at else "waits for the worker"
        spent = formats.distance(clock.now() - since)
        with st.status(plain(f"{models_view.ORDERS[job.ordered]} {words}, for {spent}")):
            st.caption(plain(f"{job.id}, ordered by {job.actor_id}. One order at a time."))

    page.live(look, key="model_order", seconds=POLL_SECONDS)

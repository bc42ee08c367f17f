"""Models: what is in force and promised, what checks say, what was ordered, and orders to give."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data.schemas.vocabulary import Role
from review_app import clock, session
from review_app.components import page
from review_app.notices import plain, problems_shown
from review_app.screens.models import models_view
from review_app.screens.models.model_orders import orders
from review_app.settings import settings
from service.wire.models import BundleView, JobView, ModelsView

KEEPERS = frozenset({Role.DATA_SCIENTIST, Role.ADMIN})


def models() -> None:
    """Show the tab that the address names."""
    with problems_shown():
        client = session.desk().client
        view, jobs = client.models(), client.model_jobs().jobs
        page.head("Models", state=page.as_of(clock.now()))
        _alarms(view)
        tabs = {
            "In force": partial(_in_force, view),
            "Checks": partial(_checks, view),
            "Challenger": partial(_challenger, view),
            "Drift and training": partial(_learning, view, jobs),
            "Orders": partial(_orders, view, jobs),
        }
        page.tabbed(tabs)


def _alarms(view: ModelsView) -> None:
    for one in view.segments:
        if one.is_frozen:
            st.error(
                plain(f"Clearing of {one.segment} is stopped: {one.why}. Promote a version that "
                      "was certified after the alarm."),
                icon=":material/warning:",
            )  # fmt: skip
    for refused in (view.champion_refused, view.challenger_refused):
        if refused:
            st.error(plain(f"The newest release was not taken: {refused}"), icon=":material/error:")


def _in_force(view: ModelsView) -> None:
    if view.champion is None:
        page.empty(
            "No model is in force: rules alone decide, and nothing is cleared without a person.",
            next_step="Order a training once people have decided some cases.",
        )
        return
    _bundle(view.champion)


def _bundle(bundle: BundleView) -> None:
    st.markdown(plain(models_view.bundle_words(bundle)))
    st.caption(plain(f"{bundle.id} · {', '.join(bundle.questions)}"))
    page.section("Certificates", help_name="certificate")
    if not bundle.certificates:
        page.empty("This bundle promises nothing; it clears nothing without a person.")
        return
    page.table(
        models_view.certificate_rows(bundle), key=f"certificates_{bundle.id}",
        right=("Cleared up to", "Items left"), alt="Certificates by segment",
    )  # fmt: skip


def _checks(view: ModelsView) -> None:
    page.section("Random checks of what was cleared", help_name="audit_wrong_share")
    if not view.segments:
        page.empty(
            "Nothing that was cleared has been drawn for a check yet.",
            next_step="Checks begin with the first item that a model clears.",
        )
        return
    page.table(
        models_view.segment_rows(view.segments), key="segments",
        right=("Checks", "Wrong", "Waiting", "Wrong cases", "Wrong money", "Evidence against"),
        alt="Checks by segment",
    )  # fmt: skip
    st.caption(
        "Evidence against: one unit is bet against the promise with every check. As long as the "
        "promise holds it seldom grows; where it reaches the figure for an alarm, clearing of "
        "that segment stops by itself."
    )


def _challenger(view: ModelsView) -> None:
    if view.challenger is None:
        page.empty(
            "No challenger is asked.",
            next_step="Order a shadow of a version to compare it with the champion, without any "
            "effect.",
        )
        return
    _bundle(view.challenger)
    page.section("Beside the champion", help_name="shadow")
    if view.shadow is None:
        page.empty("It has not been asked about anything yet.")
        return
    st.markdown(plain(models_view.shadow_words(view.shadow)))
    page.table(
        {
            name: {"Figure": name, "Champion": champion, "Challenger": challenger}
            for name, champion, challenger in models_view.shadow_figures(view.shadow)
        },
        key="shadow", right=("Champion", "Challenger"), alt="Challenger beside champion",
    )  # fmt: skip


def _learning(view: ModelsView, jobs: tuple[JobView, ...]) -> None:
    for title, help_name, job in (
        ("Drift", "drift", view.drift),
        ("Training", None, view.retraining),
    ):
        page.section(title, help_name=help_name)
        if job is None:
            page.empty(f"{title} was never ordered here.", next_step="Order it under Orders.")
            continue
        page.table(models_view.job_rows([job]), key=f"last_{title}", alt=title)
        if job.result:
            with st.expander("All figures"):
                st.json(job.result, expanded=1)
    del jobs
    page.section("Runs, figures by slice, model cards")
    if settings().mlflow_url:
        st.link_button("Open MLflow", settings().mlflow_url, icon=":material/open_in_new:")
    else:
        st.markdown(
            "They are kept by MLflow under the home folder of the installation. "
            "`countersign mlflow` opens them on the machine where it runs; set "
            "`COUNTERSIGN_MLFLOW_TRACKING_URI` to link a server of yours here."
        )


def _orders(view: ModelsView, jobs: tuple[JobView, ...]) -> None:
    if KEEPERS & set(session.desk().me.roles):
        orders(view, jobs)
    else:
        st.caption("Data scientists and administrators give orders; you read here.")
    page.section("Recent orders")
    if jobs:
        page.table(models_view.job_rows(jobs), key="jobs", alt="Recent orders")
    else:
        page.empty("Nobody has ordered anything yet.")

"""Operations: what waits, how the period went, what was worth how much, and the trend."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import streamlit as st

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from review_app import navigation, session
from review_app.choices import choices
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.operations import operations_view
from review_app.screens.operations.operations_view import Tile
from service.wire.operations import OperationsView

PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "A year"}
USUAL_DAYS = 30


def operations() -> None:
    """Show the figures of the period and the client that the address names."""
    head = st.container()
    with problems_shown():
        view = _asked()
        with head:
            page.head("Operations", state=page.as_of(view.until))
        if not (view.straight_through.items or view.open.cases or view.decided.cases):
            page.empty(
                "Nothing was assessed or decided in this period.",
                next_step="Choose a longer period, or import items.",
            )
            return
        _tiles(operations_view.work_tiles(view))
        _tiles(operations_view.flow_tiles(view))
        _tiles(operations_view.money_tiles(view))
        _trend(view)
        _open(view)
        _decided(view)
        _found(view)
        page.not_measured(
            "utilisation forecast, staffing, margin variance, and the time until clients pay."
        )


def _asked() -> OperationsView:
    """Draw the filters and give what passes them; what can be chosen comes with the answer."""
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="operations_filters")
    days = bar.selectbox(
        "Period", list(PERIODS), index=list(PERIODS).index(USUAL_DAYS),
        format_func=PERIODS.__getitem__, key="operations_days", bind="query-params", width=180,
    )  # fmt: skip
    known = choices()
    client_id = bar.selectbox(
        "Client", list(known.clients), index=None, placeholder="All",
        format_func=known.clients.__getitem__, key="operations_client", bind="query-params",
    )  # fmt: skip
    unit = bar.selectbox(
        "Business unit", known.business_units, index=None, placeholder="All", key="operations_unit",
        bind="query-params",
    )  # fmt: skip
    return session.desk().client.operations(
        days=days or USUAL_DAYS, client_id=client_id, business_unit=unit
    )


def _tiles(tiles: Iterable[Tile]) -> None:
    shown = list(tiles)
    for tile, column in zip(shown, st.columns(len(shown)), strict=True):
        with column:
            page.tile(tile.name, tile.figure, note=tile.note)
            if tile.page:
                navigation.link_to(tile.page, label="Show them", **(tile.query or {}))


def _trend(view: OperationsView) -> None:
    page.section("Day by day")
    chart = (
        alt.Chart(alt.InlineData(values=_dated(operations_view.day_points(view))))
        .mark_line(point=True)
        .encode(
            x=alt.X("Day:T", title="Day (UTC)"),
            y=alt.Y("Items:Q", title="Number"),
            color=alt.Color("Series:N", title=""),
            # Colour alone would leave some readers without the difference.
            strokeDash=alt.StrokeDash("Series:N", title=""),
            shape=alt.Shape("Series:N", title=""),
            tooltip=["Day:T", "Series:N", "Items:Q"],
        )
        .properties(height=260)
    )
    st.altair_chart(chart, alt=operations_view.trend_in_words(view), key="operations_trend")
    with st.expander("Day by day as a table"):
        page.table(
            operations_view.day_rows(view), key="operations_days_table",
            right=(*operations_view.SERIES.values(), "Straight through"), alt="Figures by day",
        )  # fmt: skip


def _dated(points: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**one, "Day": str(one["Day"])} for one in points]


def _open(view: OperationsView) -> None:
    page.section("What waits", help_name="open_cases")
    if not view.open.cases:
        page.empty("Nothing waits.")
        return
    tabs = st.tabs(["By age", "By kind", "By state", "By client"])
    with tabs[0]:
        _piles(view, "by_age", title="Open since", param=None)
    with tabs[1]:
        _piles(view, "by_kind", title="Kind", param="cases_kind")
    with tabs[2]:
        _piles(view, "by_status", title="State", param="cases_status")
    with tabs[3]:
        _piles(view, "by_client", title="Client", param="cases_client")


def _piles(view: OperationsView, name: str, *, title: str, param: str | None) -> None:
    rows = operations_view.pile_rows(getattr(view.open, name), title=title)
    chosen = page.table(
        rows, key=f"operations_{name}", right=("Cases", "Late"),
        select="single-row" if param else None, alt=f"Open cases: {title.lower()}",
    )  # fmt: skip
    if param and chosen:
        navigation.go_to("cases", **{param: chosen[0]})


def _decided(view: OperationsView) -> None:
    page.section("Decided money", help_name="leakage_stopped")
    if not view.decided.money:
        page.empty("Nobody decided anything in this period.")
        return
    rows = operations_view.decided_rows(view)
    right = [name for name in next(iter(rows.values())) if name != "Currency"]
    page.table(rows, key="operations_decided", right=right, alt="Decided money by currency")


def _found(view: OperationsView) -> None:
    page.section("What was found", help_name="exposure")
    if not view.found:
        page.empty("Nothing was found in what was assessed.")
        return
    chosen = page.table(
        operations_view.found_rows(view), key="operations_found", select="single-row",
        right=("Found",), alt="Findings by code",
    )  # fmt: skip
    if chosen:
        navigation.go_to("cases", cases_finding=CATALOGUE[ExceptionCode(chosen[0])].title)

"""How well people judge: caught faults, agreement, and what the models' opinion does to them."""

from __future__ import annotations

import streamlit as st

from review_app import formats, navigation, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from review_app.notices import plain
from review_app.screens.quality import quality_words as words
from review_app.screens.quality.interval_chart import interval_chart
from service.wire.models import SegmentView
from service.wire.quality import DeskQuality, Figure, OwnQuality, QualityView

PERIODS = ("30", "90", "365")
"""Days, as the address names them."""


def quality() -> None:
    """Show how well people judged in a period; `?quality_days=` names it."""
    head = st.container()
    days = st.segmented_control(
        "Days",
        PERIODS,
        default=PERIODS[1],
        key="quality_days",
        bind="query-params",
    )
    view = session.desk().client.quality(days=int(days or PERIODS[1]))
    with head:
        page.head("Quality", facts=_facts(view))
    st.caption(
        "Measured on practice cases, blind second reviews and random draws. Nobody is ranked, and "
        "a person's own figures are told to that person alone."
    )
    if view.own is not None:
        _own(view.own, is_open=view.desk is None)
    if view.desk is None:
        page.empty(view.why_no_desk or "")
        return
    _practice(view.desk)
    _agreement(view.desk)
    _showing(view.desk)
    _overrides(view.desk)
    _habits(view.desk)
    _cleared(view.desk.cleared)
    page.not_measured(
        "how long it takes from an override to a model that contains it; the versions do not yet "
        "keep which verdicts each was trained on."
    )


def _facts(view: QualityView) -> tuple[tuple[str, str], ...]:
    since = formats.full_day(view.since.astimezone(session.zone()))
    facts = [(str(view.decisions), f"verdicts since {since}"), (str(view.people), "people")]
    if view.is_newest_only:
        facts.append(("", "the newest are read"))
    return tuple(facts)


def _practice(desk: DeskQuality) -> None:
    page.section("Are faults caught?", help_name="quality_interval")
    st.markdown(plain(words.caught_sentence(desk.caught)))
    columns = st.columns(2)
    _share("quality_caught", desk.caught, place=columns[0])
    _share("quality_false_alarms", desk.false_alarms, place=columns[1])
    told = {
        "Faults caught": desk.caught,
        "False alarms": desk.false_alarms,
        "Agreement": desk.agreement,
        "Overrides that were right": desk.overrides_right,
        "Reason 'other'": desk.other_reasons,
        "Undone": desk.undone,
    }
    interval_chart(told, caption="Shares with their intervals of 95 %")


def _agreement(desk: DeskQuality) -> None:
    page.section("Do people agree?")
    st.markdown(plain(words.agreement_sentence(desk.agreement)))
    columns = st.columns(3)
    _share("quality_agreement", desk.agreement, place=columns[0])
    for name, figure, place in (
        ("quality_kappa", desk.kappa, columns[1]),
        ("quality_ac1", desk.ac1, columns[2]),
    ):
        page.tile(name, words.grade_text(figure), note=words.grade_note(figure), place=place)


def _showing(desk: DeskQuality) -> None:
    page.section("What does the models' opinion do to people?", help_name="quality_showing")
    st.markdown(plain(words.showing_sentence(desk.showing)))
    st.markdown(plain(words.bias_sentence(desk)))
    plain_table(
        ("Verdicts", "Side with the models, told", "Not told", "Apart", "Between"),
        [
            words.effect_row("All", desk.showing),
            words.effect_row("Where the models were right", desk.showing_right),
            words.effect_row("Where the models were wrong", desk.showing_wrong),
        ],
        caption="Right and wrong as far as the truth is known: practice cases and adjudications",
        right=("Side with the models, told", "Not told", "Apart", "Between"),
    )
    _share("quality_changed_mind", desk.changed_mind, place=st.columns(3)[0])


def _overrides(desk: DeskQuality) -> None:
    page.section("Are overrides right?")
    columns = st.columns(3)
    _share("quality_overrides", desk.overrides, place=columns[0])
    _share("quality_overrides_right", desk.overrides_right, place=columns[1])
    if desk.learned_to is None:
        with columns[2]:
            page.not_measured("what models learn from overrides; rules alone are in force.")
    else:
        _share("quality_learned", desk.learned, place=columns[2])


def _habits(desk: DeskQuality) -> None:
    page.section("Habits")
    alarm = words.other_sentence(desk)
    if alarm:
        st.warning(plain(alarm), icon=":material/warning:")
    columns = st.columns(3)
    _share("quality_other", desk.other_reasons, place=columns[0])
    _share("quality_hasty", desk.hasty, place=columns[1])
    _share("quality_undone", desk.undone, place=columns[2])
    if desk.usual_times:
        plain_table(
            ("Kind", "Usual time", "Verdicts"),
            [
                (formats.words(one.kind), f"{one.seconds:.0f} s", str(one.count))
                for one in desk.usual_times
            ],
            caption="Median of the active time on a case, of all people together",
            right=("Usual time", "Verdicts"),
        )


def _cleared(segments: tuple[SegmentView, ...] | None) -> None:
    page.section("Is what was cleared without a person right?", help_name="audit_wrong_share")
    if segments is None:
        page.empty("This needs access without walls: checks are drawn over all clients.")
        return
    if not segments:
        page.empty("Nothing was drawn for a check yet.", next_step="Checks come with clearing.")
        return
    plain_table(
        ("Segment", "Checks", "Wrong", "Share of items", "Between", "Share of money", "Between",
         "State"),
        [_segment(one) for one in segments],
        caption="Random checks since the last alarm of the segment, weighted to speak for all",
        right=("Checks", "Wrong", "Share of items", "Between", "Share of money"),
    )  # fmt: skip
    navigation.link_to("models", label="Models", icon=":material/model_training:")


def _segment(one: SegmentView) -> tuple[str, ...]:
    cases, money = one.wrong_cases, one.wrong_money
    return (
        one.segment,
        str(one.checks),
        str(one.wrong),
        "" if cases.share is None else f"{cases.share * 100:.1f} %",
        f"{cases.low * 100:.1f} % to {cases.high * 100:.1f} %",
        "" if money.share is None else f"{money.share * 100:.1f} %",
        f"{money.low * 100:.1f} % to {money.high * 100:.1f} %",
        f"stopped: {one.why}" if one.is_frozen else "clearing",
    )


def _own(own: OwnQuality, *, is_open: bool) -> None:
    with st.expander("Your own figures, told to you alone", expanded=is_open):
        columns = st.columns(3)
        _share("quality_caught", own.caught, place=columns[0])
        _share("quality_false_alarms", own.false_alarms, place=columns[1])
        _share("quality_agreement", own.agreement, place=columns[2])
        columns = st.columns(3)
        _share("quality_other", own.other_reasons, place=columns[0])
        _share("quality_undone", own.undone, place=columns[1])


def _share(name: str, figure: Figure, *, place: object = st) -> None:
    page.tile(name, words.share_text(figure), note=words.note(figure), place=place)

"""What a press on the worktop does, to the case that stood there and to no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data.schemas.vocabulary import Verdict
from review_app import session
from review_app.components.worktop import Press
from review_app.keys import PANELS, Step
from review_app.notices import problems_shown
from review_app.screens.deciding import decision_bar, key_sheet
from review_app.screens.deciding.asking import Ask, stage_of
from review_app.screens.deciding.pressing import guarded
from service.wire.cases import CaseDetail

MENU = (Step.SNOOZE, Step.RELATED, Step.RECENT, Step.KEYS)
"""What stands in the menu, so that ten buttons are enough; the keys work without opening it."""
BESIDE_VERDICTS = (Step.SKIP, Step.NOTE)


def stands(detail: CaseDetail) -> str:
    """Name which version of which case stands on the screen, and what of it is told."""
    return f"{detail.case.id}:{detail.case.version}:{stage_of(detail)}"


def press(pressed: Press, ask: Ask | None) -> None:
    """Do what was chosen, if what stood on the screen then still stands there."""
    session.answer_press(pressed.number)
    if pressed.action == Step.UNDO:
        undo()
    elif ask is not None and pressed.stands == stands(ask.detail):
        _press_on_case(pressed.action, ask)


def undo() -> None:
    """Take the latest decision back, while that is possible."""
    workbench = session.desk().workbench
    case_id = workbench.standing().undoable_case_id
    if case_id is None:
        return
    with problems_shown():
        workbench.undo_last()
        session.say(f"{case_id}: decision undone.")


def draw_undo(case_id: str | None) -> None:
    """Offer the way back where no case stands on the screen."""
    if case_id is None:
        return
    key = session.keys()[Step.UNDO]
    st.button(
        f"{key.label} {case_id}",
        key=f"undo_{case_id}",
        shortcut=key.shortcut,
        help=key.help,
        type="tertiary",
        on_click=undo,
    )


def _press_on_case(action: str, ask: Ask) -> None:
    if action in set(ask.verdicts):
        guarded(ask, decision_bar.choose, (Verdict(action),))
    elif action in _STEPS:
        guarded(ask, _STEPS[Step(action)])
    elif action in set(MENU):
        guarded(ask, _open_panel, (Step(action),))


def _skip(ask: Ask) -> None:
    workbench = session.desk().workbench
    claim = workbench.current()
    if claim is not None and claim.detail.case.id == ask.detail.case.id:
        workbench.skip(claim)
        session.say(f"{claim.detail.case.id} given back.")


def _open_note(_ask: Ask) -> None:
    # What is typed before the field stands there decides nothing.
    session.set_draft(is_note_open=True)
    session.look_anew()


def _open_panel(_ask: Ask, panel: Step) -> None:
    if panel is Step.KEYS:
        key_sheet.ask()
    elif panel in PANELS:
        session.set_draft(panel=panel)


_STEPS: Mapping[Step, Callable[[Ask], None]] = {Step.SKIP: _skip, Step.NOTE: _open_note}

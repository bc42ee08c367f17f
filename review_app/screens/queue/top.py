"""What stands on the worktop: this case, the next one, and the keys that count now."""

from __future__ import annotations

from data.schemas.vocabulary import Verdict
from review_app import clock, session
from review_app.card.view_models import card_view
from review_app.components.card import card_html
from review_app.components.worktop import Bar, Button, Shown, Worktop
from review_app.keys import Action, Step
from review_app.screens.deciding import decision_bar
from review_app.screens.deciding.asking import Ask
from review_app.screens.deciding.pressing import MIN_DWELL_SECONDS
from review_app.screens.queue.steps import BESIDE_VERDICTS, MENU, stands
from review_app.work.desk_api import Standing

WARN_SECONDS = 120.0
"""So long before the hold on a case ends the desk says so."""


def worktop_of(ask: Ask | None, following: Ask | None, standing: Standing) -> Worktop:
    """Lay out the case that is asked for, with the one that follows behind it."""
    draft = session.draft()
    is_calm = ask is not None and draft.verdict is None and draft.panel is None
    now, after = _shown(ask), _shown(following)
    session.keep_cards({one.stands: one.html for one in (now, after) if one})
    return Worktop(
        now=now,
        next=after if is_calm else None,
        advances=_advances(ask) if is_calm and ask and after else (),
        bar=_bar(ask) if is_calm and ask else None,
        undo=_undo(standing),
        keys=_keys(ask, standing) if is_calm and ask else {},
        openers=decision_bar.openers(ask) if is_calm and ask else (),
        answered=session.answered(),
        dwell_seconds=MIN_DWELL_SECONDS,
        announcement=_announcement(ask),
        focus=decision_bar.focus(draft),
        focus_for=f"{now.stands if now else ''}:{draft.verdict}:{draft.reason}:"
        f"{draft.is_note_open}:{draft.panel}",
        has_pending=bool(standing.unsent or standing.trouble),
        warn_in_seconds=_warn_in(ask),
    )


def _shown(ask: Ask | None) -> Shown | None:
    if ask is None:
        return None
    name = stands(ask.detail)
    return Shown(
        stands=name,
        html=session.kept_card(name) or _card(ask),
        call=decision_bar.call_words(ask),
    )


def _card(ask: Ask) -> str:
    hides_summary = session.desk().me.preferences.hides_summary
    return card_html(
        card_view(ask.detail, now=clock.now(), zone=session.zone(), hides_summary=hides_summary)
    )


def _advances(ask: Ask) -> tuple[Action, ...]:
    """Give the actions after which this case is done with, whatever else is in the fields."""
    if not session.desk().workbench.runs_on():
        return ()
    is_plain = decision_bar.is_plain_approval(ask) and not session.draft().is_note_open
    return (Step.SKIP, Verdict.APPROVE) if is_plain else (Step.SKIP,)


def _bar(ask: Ask) -> Bar:
    return Bar(
        buttons=(*map(_button, ask.verdicts), *map(_button, BESIDE_VERDICTS)),
        more=tuple(map(_button, MENU)),
    )


def _button(action: Action) -> Button:
    key = session.keys()[action]
    return Button(action=action, label=key.label, key=key.shortcut)


def _undo(standing: Standing) -> Button | None:
    if standing.undoable_case_id is None:
        return None
    key = session.keys()[Step.UNDO]
    label = f"{key.label} {standing.undoable_case_id}"
    return Button(action=Step.UNDO, label=label, key=key.shortcut)


def _keys(ask: Ask, standing: Standing) -> dict[str, str]:
    actions: list[Action] = [*ask.verdicts, *BESIDE_VERDICTS, *MENU]
    if standing.undoable_case_id is not None:
        actions.append(Step.UNDO)
    keys = session.keys()
    named = {
        letter.lower(): str(one) for one in actions if (letter := keys[one].shortcut) is not None
    }
    return named | ({"?": str(Step.KEYS)} if named else {})


def _announcement(ask: Ask | None) -> str:
    case = ask.detail.case if ask else None
    loaded = f" {case.id} loaded: {case.title}." if case else " The queue is clear."
    return f"{session.said()}{loaded}".strip()


def _warn_in(ask: Ask | None) -> float | None:
    workbench = session.desk().workbench
    claim = workbench.claim_of(ask.detail.case.id) if ask else None
    left = workbench.seconds_held(claim) - WARN_SECONDS if claim else 0.0
    return left if left > 0 else None

"""The models as people read them: promises, checks, alarms and orders in words and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from data.schemas.vocabulary import JobStatus, ModelOrder
from review_app import formats, session
from service.wire.models import (
    BundleView,
    CertificateView,
    JobView,
    SegmentView,
    ShadowView,
    ShareView,
)

Rows = dict[str, dict[str, str]]
UNKNOWN = "–"  # noqa: RUF001 - a dash for what is not known
ORDERS = {
    ModelOrder.RETRAIN: "Retrain",
    ModelOrder.PROMOTE: "Promote",
    ModelOrder.ROLLBACK: "Roll back",
    ModelOrder.SHADOW: "Shadow",
    ModelOrder.END_SHADOW: "End the shadow",
    ModelOrder.DRIFT: "Look for drift",
}
STATES = {
    JobStatus.WAITING: "… waits",
    JobStatus.RUNNING: "… runs",
    JobStatus.DONE: "✓ done",
    JobStatus.FAILED: "⚠ failed",
}
TOLD = ("bundle", "version", "promoted", "gate", "reasons", "rows", "needs_retraining")
"""What of an order's result is told in the list; the rest is shown as it came."""


def bundle_words(bundle: BundleView) -> str:
    """`Version 3, learned from 2 Jan to 4 Mar 2026, answers 9 questions`."""
    version = f"version {bundle.version}" if bundle.version is not None else bundle.id
    gate = f"; gate: {bundle.gate}" if bundle.gate else ""
    return (
        f"{version[0].upper()}{version[1:]}, learned from {formats.full_day(bundle.trained_from)} "
        f"to {formats.full_day(bundle.trained_to)}, answers {len(bundle.questions)} questions{gate}"
    )


def certificate_rows(bundle: BundleView) -> Rows:
    """What is promised, one row a group of segments."""
    return {one.segment: _certificate(one) for one in bundle.certificates}


def _certificate(one: CertificateView) -> dict[str, str]:
    is_none = one.threshold is None
    return {
        "Segment": one.segment,
        "State": "✓ in force" if one.is_in_force else "○ not in force",
        "Promise": "nothing could be promised, so nothing is cleared"
        if is_none
        else f"at most {_share(one.alpha_cases)} of cases and {_share(one.alpha_money)} of money "
        f"wrong, {_share(1 - one.delta)} sure",
        "Cleared up to": UNKNOWN if one.threshold is None else _share(one.threshold),
        "Until": formats.full_day(one.expires_at),
        "Items left": formats.count(one.clears_left),
        "Covers": ", ".join(one.members),
    }


def segment_rows(segments: Iterable[SegmentView]) -> Rows:
    """What random checks say, one row a segment."""
    return {one.segment: _segment(one) for one in segments}


def _segment(one: SegmentView) -> dict[str, str]:
    return {
        "Segment": one.segment,
        "State": f"⚠ clearing stopped: {one.why}" if one.is_frozen else "✓ watched",
        "Checks": formats.count(one.checks),
        "Wrong": formats.count(one.wrong),
        "Waiting": formats.count(one.waiting),
        "Wrong cases": estimate(one.wrong_cases),
        "Wrong money": estimate(one.wrong_money),
        "Evidence against": evidence(one),
    }


def evidence(one: SegmentView) -> str:
    """`0.84 of 40 for an alarm`: what one unit bet against the promise has become."""
    if one.evidence is None:
        return UNKNOWN
    won = formats.decimal(min(one.evidence, 1e9), digits=2)
    if one.evidence_for_alarm is None:
        return won
    return f"{won} of {formats.decimal(one.evidence_for_alarm, digits=0)} for an alarm"


def estimate(one: ShareView) -> str:
    """`1.2 % (0.3 to 4.1)`, or what is not known."""
    if one.share is None:
        return UNKNOWN
    low, high = (formats.decimal(100 * end) for end in (one.low, one.high))
    return f"{_share(one.share)} ({low} to {high})"


def shadow_figures(one: ShadowView) -> Iterator[tuple[str, str, str]]:
    """The challenger beside the champion: figure, champion, challenger."""
    yield "Clears", _maybe_share(one.champion_clears), _maybe_share(one.challenger_clears)
    yield "Log loss", _maybe(one.champion_log_loss), _maybe(one.challenger_log_loss)
    yield "AUC", _maybe(one.champion_auc), _maybe(one.challenger_auc)


def shadow_words(one: ShadowView) -> str:
    """How much is known of the challenger."""
    agreed = "" if one.agreement is None else f"; both agree on {_share(one.agreement)}"
    return (
        f"{one.bundle} was asked about {formats.count(one.items)} items{agreed}. People judged "
        f"{formats.count(one.judged)} of them, {formats.count(one.wrong)} wrong."
    )


def job_rows(jobs: Iterable[JobView]) -> Rows:
    """Orders, one row each."""
    return {one.id: _job(one) for one in jobs}


def _job(one: JobView) -> dict[str, str]:
    version = f" {one.version}" if one.version is not None else ""
    return {
        "Ordered": _at(one.ordered_at),
        "Order": f"{ORDERS[one.ordered]}{version}",
        "By": one.actor_id,
        "State": STATES[one.status],
        "Ended": _at(one.ended_at),
        "What came of it": job_words(one),
    }


def job_words(one: JobView) -> str:
    """What came of an order, in one line."""
    if one.why:
        return one.why
    told = (
        f"{name.replace('_', ' ')}: {_plainly(one.result[name])}"
        for name in TOLD
        if one.result.get(name) not in (None, [], "")
    )
    return "; ".join(told)


def earlier_versions(jobs: Iterable[JobView], *, champion: int | None) -> list[int]:
    """Versions that orders named or made, newest first, without the champion's."""
    named = {one.version for one in jobs} | {_made(one) for one in jobs}
    return sorted((one for one in named if one is not None and one != champion), reverse=True)


def _made(one: JobView) -> int | None:
    version = one.result.get("version")
    return version if isinstance(version, int) else None


def _plainly(told: object) -> str:
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, list):
        return ", ".join(str(one) for one in told)
    return str(told)


def _at(moment: datetime | None) -> str:
    return formats.instant(moment, zone=session.zone()) if moment else ""


def _share(share: float) -> str:
    return f"{formats.decimal(100 * share)} %"


def _maybe_share(share: float | None) -> str:
    return UNKNOWN if share is None else _share(share)


def _maybe(figure: float | None) -> str:
    return UNKNOWN if figure is None else formats.decimal(figure, digits=3)

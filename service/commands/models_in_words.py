"""The models in force, as a person reads them at the shell."""

from __future__ import annotations

from collections.abc import Iterator

from service.wire.models import (
    BundleView,
    CertificateView,
    ModelsView,
    SegmentView,
    ShadowView,
    ShareView,
)


def models_in_words(told: ModelsView) -> Iterator[str]:
    """Give a line for each bundle, promise, watched segment and comparison."""
    champion, challenger = told.champion, told.challenger
    yield _bundle("champion", champion) if champion else "champion: none, rules alone"
    for certificate in champion.certificates if champion else ():
        yield f"  promise for {certificate.segment}: {_promise(certificate)}"
    for segment in told.segments:
        yield f"  checks of {segment.segment}: {_checks(segment)}"
    yield _bundle("challenger", challenger) if challenger else "challenger: none"
    if told.shadow is not None:
        yield f"  {_shadow(told.shadow)}"


def _bundle(name: str, bundle: BundleView) -> str:
    return f"{name}: {bundle.id}, version {bundle.version}, {len(bundle.questions)} questions"


def _promise(one: CertificateView) -> str:
    if one.threshold is None:
        return "none could be certified; nothing is cleared without a person"
    state = "" if one.is_in_force else "no longer in force; "
    return (
        f"{state}at most {one.alpha_cases:.1%} of cases and {one.alpha_money:.1%} of money wrong, "
        f"until {one.expires_at:%Y-%m-%d} or {one.clears_left} more items"
    )


def _checks(one: SegmentView) -> str:
    stopped = f"CLEARING IS STOPPED: {one.why}; " if one.is_frozen else ""
    return (
        f"{stopped}{one.checks} counted, {one.wrong} wrong, {one.waiting} waiting; "
        f"wrong cases {_share(one.wrong_cases)}, wrong money {_share(one.wrong_money)}"
    )


def _share(one: ShareView) -> str:
    if one.share is None:
        return "unknown"
    return f"{one.share:.1%} ({one.low:.1%} to {one.high:.1%})"


def _shadow(one: ShadowView) -> str:
    agreed = "" if one.agreement is None else f", agrees on {one.agreement:.1%}"
    return f"asked about {one.items} items{agreed}; {one.judged} judged, {one.wrong} wrong"

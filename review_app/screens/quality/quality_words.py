"""The quality page in plain sentences: every figure with its count and what it may be instead."""

from __future__ import annotations

from service.wire.quality import DeskQuality, EffectOfShowing, Figure


def share_text(figure: Figure) -> str:
    """`85 %`, or a dash while too few speak of it."""
    return "–" if figure.value is None else percent(figure.value)  # noqa: RUF001 - a true dash


def grade_text(figure: Figure) -> str:
    """`0.44`, or a dash: a figure that is no share."""
    return "–" if figure.value is None else f"{figure.value:.2f}"  # noqa: RUF001 - a true dash


def note(figure: Figure) -> str:
    """`64 % to 95 %, n = 20`, or how many are still missing."""
    if figure.low is None or figure.high is None:
        return not_enough(figure)
    return f"{percent(figure.low)} to {percent(figure.high)}, n = {figure.count}"


def grade_note(figure: Figure) -> str:
    """`0.11 to 0.77, n = 100`, or why there is none."""
    if figure.low is None or figure.high is None:
        is_alike = figure.count >= figure.needed
        return f"all answers alike (n = {figure.count})" if is_alike else not_enough(figure)
    return f"{figure.low:.2f} to {figure.high:.2f}, n = {figure.count}"


def not_enough(figure: Figure) -> str:
    """Say that too few speak of a figure, and how many there are."""
    if figure.count >= figure.needed:
        return f"not told: it would be one person's (n = {figure.count})"
    return f"not enough yet (n = {figure.count}; told from {figure.needed} on)"


def percent(share: float) -> str:
    """`85 %`: a measured share, which may well be 0 or 100."""
    return f"{share * 100:.0f} %"


def points(difference: float) -> str:
    """`+12 points`: how far two shares lie apart."""
    return f"{difference * 100:+.0f} points"


def caught_sentence(figure: Figure) -> str:
    """Say `Reviewers caught 17 of 20 seeded faults: between 64 % and 95 %`."""
    if figure.low is None or figure.high is None:
        return f"How many faults reviewers catch: {not_enough(figure)}."
    return (
        f"Reviewers caught {figure.part} of {figure.count} seeded faults: between "
        f"{percent(figure.low)} and {percent(figure.high)}."
    )


def agreement_sentence(figure: Figure) -> str:
    """Say how often two people agreed."""
    if figure.low is None or figure.high is None:
        return f"How often two people agree: {not_enough(figure)}."
    return (
        f"Two people who did not know of each other agreed on {figure.part} of {figure.count} "
        f"items: between {percent(figure.low)} and {percent(figure.high)}."
    )


def showing_sentence(effect: EffectOfShowing) -> str:
    """Say what telling people the models' opinion does, and whether it may be nothing."""
    apart = effect.difference
    if apart.value is None or apart.low is None or apart.high is None:
        return f"What telling the models' opinion does: {not_enough(apart)} on the rarer side."
    between = f"between {points(apart.low)} and {points(apart.high)}"
    if apart.low <= 0 <= apart.high:
        return (
            f"People told the models' opinion side with it {points(apart.value)} ({between}): "
            "this may be chance."
        )
    more = "oftener" if apart.value > 0 else "more seldom"
    return (
        f"People told the models' opinion side with it {more}, by {points(apart.value)} "
        f"({between}); a coin decided who was told, so that telling is the cause."
    )


def bias_sentence(desk: DeskQuality) -> str:
    """Say whether people follow the models into error."""
    wrong = desk.showing_wrong.difference
    if wrong.value is None or wrong.low is None:
        return (
            "Whether people follow the models into error: "
            f"{not_enough(wrong)} where the models were wrong and the truth is known."
        )
    if wrong.low > 0:
        return (
            "Where the models were wrong, people told their opinion followed it "
            f"{points(wrong.value)} oftener: they are led into error."
        )
    return "Where the models were wrong, people told their opinion did not follow it for certain."


def other_sentence(desk: DeskQuality) -> str:
    """Say whether the list of reasons lacks one, and behind which verdict."""
    if not desk.is_other_too_frequent:
        return ""
    worst = max(desk.other_by_verdict, key=lambda one: one.other)
    verdict = worst.verdict.value.replace("_", " ")
    return (
        f"'Other' stands behind {share_text(desk.other_reasons)} of the verdicts, more than 10 %. "
        f"The list lacks a reason, most of all for '{verdict}' "
        f"({worst.other} of {worst.count})."
    )


def effect_row(name: str, effect: EffectOfShowing) -> tuple[str, str, str, str, str]:
    """Give one row of the table of the effect: told, not told, apart, and the interval."""
    apart = effect.difference
    arms = (name, _arm(effect.shown), _arm(effect.hidden))
    if apart.value is None or apart.low is None or apart.high is None:
        return (*arms, "", not_enough(apart))
    return (*arms, points(apart.value), f"{points(apart.low)} to {points(apart.high)}")


def _arm(figure: Figure) -> str:
    if figure.value is None:
        return f"n = {figure.count}"
    return f"{percent(figure.value)} (n = {figure.count})"

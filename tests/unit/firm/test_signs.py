"""What people write: words that give faults away, words that only sound like it, and no rule's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.firm import narratives
from data.firm.chance import Chance
from data.firm.demands import FEWEST_WORDS
from data.firm.hidden import LOG_ODDS, Seen, probabilities_of
from data.firm.records import FaultKind
from data.firm.trade import BANNED_PHRASES, THEMES
from models.features.narratives import VAGUE_WORDS
from models.words import words
from tests.builders.firms import small_firm

THEME = "Cyber assurance"
TASK = next(iter(THEMES[THEME]))
WRITERS = {
    "work": lambda chance: narratives.write_narrative(THEME, task=TASK, chance=chance),
    "vague": narratives.write_vaguely,
    "overhead": narratives.write_overhead,
    "like overhead": lambda c: narratives.write_like_overhead(THEME, task=TASK, chance=c),
    "favour": narratives.write_favour,
    "like a favour": lambda c: narratives.write_like_favour(THEME, task=TASK, chance=c),
    "block": lambda chance: narratives.write_block(THEME, parts=3, chance=chance),
    "foreign": lambda chance: narratives.write_foreign("ERP rollout", chance=chance),
}


def written(kind, *, count=2_000):
    chance = Chance("habits", seed=1)
    return {WRITERS[kind](chance) for _ in range(count)}


@pytest.mark.parametrize("kind", list(WRITERS))
def test_nothing_that_is_written_breaks_a_guideline_that_a_rule_checks(kind):
    for narrative in written(kind):
        assert len(words(narrative)) >= FEWEST_WORDS
        assert not any(phrase in narrative.casefold() for phrase in BANNED_PHRASES)


def test_vague_words_are_more_than_a_list_holds():
    phrases = written("vague")
    unlisted = [text for text in phrases if not VAGUE_WORDS.issuperset(words(text))]
    assert len(phrases) > 500
    assert len(unlisted) > len(phrases) / 3


def test_words_that_sound_like_a_fault_differ_from_those_of_one():
    assert not written("overhead") & written("like overhead")
    assert not written("favour") & written("like a favour")


def test_a_sheet_without_any_sign_hardly_ever_bears_a_fault():
    (calm,) = probabilities_of([{Seen.CARELESS: 0.2, Seen.LATE: 0.5, Seen.NEW: 1.0}])
    assert calm.sum() < 0.01


@given(
    seen=st.dictionaries(st.sampled_from(list(Seen)), st.floats(0, 1)),
    more=st.sampled_from(list(Seen)),
)
@settings(max_examples=80, deadline=None)
def test_seeing_more_never_makes_a_fault_less_likely(seen, more):
    less, rather = probabilities_of([{**seen, more: 0.0}, {**seen, more: 1.0}])
    assert (rather >= less).all()


def test_every_kind_of_a_timesheet_has_its_own_odds():
    assert set(LOG_ODDS) == set(FaultKind) - {FaultKind.DUPLICATE_EXPENSE}


def test_a_block_or_inflated_hours_cost_a_part_of_the_row_and_other_faults_all_of_it():
    firm = small_firm()
    minor = {
        entry.id: entry.amount_minor
        for one in firm.submissions
        if one.item.kind == "timesheet"
        for entry in one.item.entries
    }
    for truth in firm.truth.values():
        for fault in truth.faults:
            if fault.is_hidden and fault.code is not FaultKind.DUPLICATE_EXPENSE:
                rows = sum(minor[row] for row in fault.row_ids)
                is_part = fault.code in {FaultKind.BLOCK_BILLING, FaultKind.INFLATED_HOURS}
                expected = rows * 0.2 if is_part else rows
                assert fault.exposure_minor == pytest.approx(expected, rel=0.03)

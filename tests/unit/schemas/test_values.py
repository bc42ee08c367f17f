"""Values: what is refused, and what is kept as people wrote it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from data.schemas.items import content_sha256, entries_sha256
from data.schemas.values import Text, UtcTime, amount_minor
from tests.builders.items import entry, milestone, timesheet, week

TEXT = TypeAdapter(Text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Grüße, 日本 – ok", "Grüße, 日本 – ok"),
        ("e\u0301", "\u00e9"),  # brought to one form
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("no\u00a0break", "no\u00a0break"),
        ("", ""),
    ],
)
def test_text_is_kept_as_people_type_it(written, kept):
    assert TEXT.validate_python(written) == kept


@pytest.mark.parametrize("hidden", ["\u0000", "\u001b", "\u200b", "\u202e", "\ue000", "\ufeff"])
def test_hidden_characters_are_refused(hidden):
    with pytest.raises(ValidationError, match="hidden character"):
        TEXT.validate_python(f"pay{hidden}ment")


def test_time_is_kept_in_utc():
    moment = TypeAdapter(UtcTime).validate_json('"2026-03-02T10:00:00+01:00"')
    assert moment.isoformat() == "2026-03-02T09:00:00+00:00"


@pytest.mark.parametrize(
    ("minutes", "rate_minor", "minor"),
    [
        (60, 12_000, 12_000),
        (1, 30, 1),  # 0.5 is rounded up
        (1, 29, 0),  # 0.483...
        (50, 10_001, 8_334),  # 8,334.1666...
        (0, 12_000, 0),
    ],
)
def test_amount_of_a_line_is_rounded_half_up_once(minutes, rate_minor, minor):
    assert amount_minor(minutes=minutes, rate_minor=rate_minor) == minor


def test_total_is_the_sum_of_rounded_lines():
    lines = tuple(entry(id=f"E-{n}", minutes_worked=1, hourly_rate_minor=30) for n in range(3))
    assert timesheet(entries=lines).amount_minor == 3  # each 0.5 is 1; the sum 1.5 would be 2


def test_signature_covers_the_entries_in_any_order_and_every_field():
    entries = week()
    assert entries_sha256(entries) == entries_sha256(entries[::-1])
    edited = (entries[0].model_copy(update={"narrative": "Something else"}), *entries[1:])
    assert entries_sha256(entries) != entries_sha256(edited)


def test_version_of_an_item_follows_its_content():
    assert content_sha256(milestone()) == content_sha256(milestone())
    assert content_sha256(milestone()) != content_sha256(milestone(amount_minor=1))


def test_rounding_up_may_bill_almost_an_hour_more_than_was_worked():
    # The coarsest increment is an hour: 481 minutes become 540, and never 541.
    assert entry(minutes_worked=481, minutes_billable=540).minutes_billable == 540
    with pytest.raises(ValidationError, match="exceeds minutes_worked 481 by an hour or more"):
        entry(minutes_worked=481, minutes_billable=541)

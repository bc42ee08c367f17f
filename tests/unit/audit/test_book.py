"""The running log is checked in steps that miss nothing, and its entries are proved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.audit import book
from service.audit.book import RunningAuditBook
from service.audit.merkle import inclusion_proof, inclusion_proofs, leaf_hash
from tests.builders.audit_log import bodies, row, rows, signed, signing_key

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Kept:
    """A log in memory, with a head somebody keeps elsewhere."""

    def __init__(self, count, *, size=None):
        self.texts = bodies(count)
        self.stored = rows(self.texts)
        self.note = signed(self.texts, size=count if size is None else size)
        self.pending = 0

    def rows(self, *, start, stop):
        return iter(self.stored[start:stop])

    def leaf_hashes(self, *, stop):
        return [leaf_hash(text.encode()) for text in self.texts[:stop]]

    def waiting(self, *, signed):
        return len(self.stored) - signed + self.pending

    def book(self, key=None):
        public = (key or signing_key()).public
        return RunningAuditBook(public_key=public, newest_note=lambda: self.note, rows=self)


def test_a_whole_log_is_called_whole_up_to_its_signed_head():
    found = Kept(20, size=17).book().check(now=NOW)
    assert (found.is_whole, found.is_complete, found.problems) == (True, True, ())
    assert (found.entries_signed, found.entries_checked, found.entries_waiting) == (17, 17, 3)
    assert found.last_complete_at == NOW


def test_a_long_log_is_checked_in_steps_and_then_from_the_start_again(monkeypatch):
    monkeypatch.setattr(book, "ROWS_PER_CHECK", 8)
    checked = Kept(20).book()
    steps = [checked.check(now=NOW) for _ in range(4)]
    assert [one.entries_checked for one in steps] == [8, 16, 20, 8]
    assert [one.is_complete for one in steps] == [False, False, True, False]
    assert [one.last_complete_at for one in steps] == [None, None, NOW, NOW]


@pytest.mark.parametrize("place", [0, 7, 8, 19])
def test_an_altered_entry_is_found_in_whichever_step_it_lies(monkeypatch, place):
    monkeypatch.setattr(book, "ROWS_PER_CHECK", 8)
    log = Kept(20)
    log.stored[place] = row(place, log.texts[place].replace("item:", "other:"))
    checked = log.book()
    last = [checked.check(now=NOW) for _ in range(3)][-1]
    assert not last.is_whole
    assert [one.kind for one in last.problems] == ["history_rewritten"]
    assert all(one.remedy for one in last.problems)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda log: log.stored.pop(), "log_cut"),
        (lambda log: log.stored.pop(4), "row_missing"),
        (lambda log: setattr(log, "note", None), "no_checkpoint"),
        (lambda log: setattr(log, "note", log.note.replace("20", "21")), "checkpoint_forged"),
        (lambda log: setattr(log, "note", "nothing"), "checkpoint_unreadable"),
    ],
)
def test_each_damage_is_named(damage, kind):
    log = Kept(20)
    damage(log)
    found = log.book().check(now=NOW)
    assert not found.is_whole
    assert kind in {one.kind for one in found.problems}


def test_a_head_signed_by_another_key_vouches_for_nothing():
    found = Kept(20).book(signing_key("other")).check(now=NOW)
    assert (found.is_whole, found.entries_signed) == (False, 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 20])
def test_proofs_made_together_are_those_made_one_by_one(size):
    hashes = [leaf_hash(text.encode()) for text in bodies(size)]
    together = inclusion_proofs(hashes, indexes=range(size))
    assert together == {n: inclusion_proof(hashes, index=n) for n in range(size)}


def test_only_entries_under_the_head_are_proved():
    proved = Kept(20, size=17).book().prove([3, 16, 17])
    assert (proved.size, sorted(proved.proofs)) == (17, [3, 16])

"""The sequencer: memory follows commits, crashes lose nothing, and no fork is ever signed."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from service.audit import log
from service.audit.checkpoint import Checkpoint
from service.audit.errors import (
    LeavesMissingError,
    LogForkedError,
    LogShrankError,
    NothingStagedError,
)
from service.audit.log import Sequencer
from service.audit.merkle import EMPTY_ROOT, leaf_hash, root_of
from tests.builders.audit_log import ORIGIN
from tests.fakes.audit_store import InMemoryAuditStore, LostTransactionError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BODIES = [b"one", b"two", b"three", b"four", b"five"]


def a_sequencer(newest_kept=None):
    return Sequencer(origin=ORIGIN, newest_kept=newest_kept)


def a_store(*bodies):
    store = InMemoryAuditStore()
    store.insert(*bodies)
    return store


def run_round(sequencer, store):
    with store.transaction():
        count = sequencer.sequence_once(store)
    sequencer.commit_succeeded()
    return count


def lose_round(sequencer, store):
    with suppress(LostTransactionError), store.transaction():
        sequencer.sequence_once(store)
        raise LostTransactionError


def checkpoint_of(bodies):
    root = root_of(map(leaf_hash, bodies))
    return Checkpoint(origin=ORIGIN, size=len(bodies), root=root, at=NOW)


def test_pending_entries_get_consecutive_places_in_insertion_order():
    store = a_store(*BODIES)
    assert run_round(a_sequencer(), store) == 5
    assert store.leaves == [(n, n + 1, leaf_hash(body)) for n, body in enumerate(BODIES)]
    assert store.pending == []


def test_the_checkpoint_states_the_committed_size_and_root():
    sequencer, store = a_sequencer(), a_store(*BODIES[:3])
    run_round(sequencer, store)
    store.insert(*BODIES[3:])
    run_round(sequencer, store)
    assert sequencer.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_no_checkpoint_is_due_before_the_commit():
    sequencer, store = a_sequencer(), a_store(*BODIES)
    sequencer.sequence_once(store)
    assert sequencer.due_checkpoint(at=NOW) is None


def test_no_checkpoint_is_due_when_a_kept_one_covers_the_log():
    sequencer, store = a_sequencer(), a_store(*BODIES)
    run_round(sequencer, store)
    sequencer.checkpoint_kept(sequencer.due_checkpoint(at=NOW))
    assert run_round(sequencer, store) == 0
    assert sequencer.due_checkpoint(at=NOW) is None


def test_a_checkpoint_stays_due_until_it_was_kept():
    sequencer, store = a_sequencer(), a_store(*BODIES)
    run_round(sequencer, store)
    assert sequencer.due_checkpoint(at=NOW) == sequencer.due_checkpoint(at=NOW) is not None


def test_a_new_log_owes_a_checkpoint_while_still_empty():
    sequencer = a_sequencer()
    run_round(sequencer, a_store())
    due = sequencer.due_checkpoint(at=NOW)
    assert (due.size, due.root) == (0, EMPTY_ROOT)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_lost_transaction_leaves_memory_where_the_store_is(is_told):
    sequencer, store = a_sequencer(), a_store(*BODIES)
    lose_round(sequencer, store)
    if is_told:
        sequencer.discard()
    assert run_round(sequencer, store) == 5
    assert sequencer.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_a_commit_whose_answer_was_lost_is_read_back_from_the_store():
    sequencer, store = a_sequencer(), a_store(*BODIES[:3])
    sequencer.sequence_once(store)
    sequencer.discard()
    store.insert(*BODIES[3:])
    assert run_round(sequencer, store) == 2
    assert sequencer.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_two_calls_in_one_transaction_count_every_row_once():
    sequencer, store = a_sequencer(), a_store(*BODIES[:2])
    with store.transaction():
        sequencer.sequence_once(store)
        store.insert(*BODIES[2:])
        sequencer.sequence_once(store)
    sequencer.commit_succeeded()
    assert sequencer.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_rows_of_another_leader_are_read_in():
    first, second, store = a_sequencer(), a_sequencer(), a_store(BODIES[0])
    run_round(first, store)
    for body in BODIES[1:]:
        store.insert(body)
        run_round(second, store)
    assert run_round(first, store) == 0
    assert first.due_checkpoint(at=NOW) == second.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_a_restart_continues_the_tree_and_owes_what_was_not_signed():
    store = a_store(*BODIES)
    run_round(a_sequencer(), store)
    restarted = a_sequencer(checkpoint_of(BODIES[:2]))
    assert run_round(restarted, store) == 0
    assert restarted.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_the_sequencer_is_behind_until_it_looked_and_every_leaf_is_covered():
    store, sequencer = a_store(*BODIES), a_sequencer()
    assert sequencer.is_behind
    run_round(sequencer, store)
    assert sequencer.is_behind
    sequencer.checkpoint_kept(sequencer.due_checkpoint(at=NOW))
    assert not sequencer.is_behind


def test_the_tree_is_rebuilt_page_by_page(monkeypatch):
    monkeypatch.setattr(log, "HASHES_PER_READ", 2)
    store = a_store(*BODIES)
    run_round(a_sequencer(), store)
    restarted = a_sequencer(checkpoint_of(BODIES[:3]))
    run_round(restarted, store)
    assert restarted.due_checkpoint(at=NOW) == checkpoint_of(BODIES)


def test_a_call_is_bounded_and_the_rest_follows(monkeypatch):
    monkeypatch.setattr(log, "ENTRIES_PER_CALL", 2)
    sequencer, store = a_sequencer(), a_store(*BODIES)
    assert [run_round(sequencer, store) for _ in range(4)] == [2, 2, 1, 0]


def test_a_log_that_shrank_while_running_is_not_extended():
    sequencer, store = a_sequencer(), a_store(*BODIES[:4])
    run_round(sequencer, store)
    store.leaves.pop()
    store.insert(BODIES[4])
    with pytest.raises(LogShrankError, match="holds 3 rows, yet 4 were committed"):
        sequencer.sequence_once(store)
    assert len(store.leaves) == 3


def test_a_restored_old_backup_is_not_extended():
    store = a_store(*BODIES[:3])
    run_round(a_sequencer(), store)
    with pytest.raises(LogShrankError, match="old backup"):
        a_sequencer(checkpoint_of(BODIES)).sequence_once(store)


def test_another_history_than_the_signed_one_is_not_extended():
    store = a_store(b"ONE", *BODIES[1:])
    run_round(a_sequencer(), store)
    with pytest.raises(LogForkedError, match="first 5 rows"):
        a_sequencer(checkpoint_of(BODIES)).sequence_once(store)


def test_missing_leaf_rows_are_named_by_their_range():
    class GappyStore(InMemoryAuditStore):
        def leaf_hashes(self, *, start, stop):
            return super().leaf_hashes(start=start, stop=stop)[1:]

    store = GappyStore()
    store.insert(*BODIES)
    run_round(a_sequencer(), store)
    with pytest.raises(LeavesMissingError, match="audit leaves 0 to 4: 4 hashes found, 5 expected"):
        a_sequencer().sequence_once(store)


def test_a_commit_without_sequencing_is_refused():
    sequencer = a_sequencer()
    with pytest.raises(NothingStagedError):
        sequencer.commit_succeeded()
    run_round(sequencer, a_store())
    with pytest.raises(NothingStagedError):
        sequencer.commit_succeeded()


def test_a_commit_reported_for_a_lost_transaction_is_noticed_at_the_next_call():
    sequencer, store = a_sequencer(), a_store(*BODIES)
    lose_round(sequencer, store)
    sequencer.commit_succeeded()
    with pytest.raises(LogShrankError):
        sequencer.sequence_once(store)

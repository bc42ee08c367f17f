"""What the sequencer needs of storage: one suite for the tables and for the fake of its tests."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from service.audit.log import Sequencer
from service.audit.merkle import leaf_hash
from service.store.audit_trail import SqlPendingStore, pending_count, stored_rows
from service.store.database import open_for_writing
from service.store.tables import audit
from tests.builders.service import database
from tests.fakes.audit_store import InMemoryAuditStore, LostTransactionError

BODIES = (b'{"n":1}', b'{"n":2}', b'{"n":3}')


class SqlAuditTables:
    """The real tables under the interface the fake has."""

    def __init__(self, url):
        self.engine = open_for_writing(url)

    def insert(self, *new_bodies):
        with self.engine.begin() as connection:
            for body in new_bodies:
                connection.execute(
                    insert(audit).values(body=body.decode(), subject="s", event="item_received")
                )

    @contextmanager
    def transaction(self):
        with self.engine.begin() as connection:
            yield SqlPendingStore(connection)


@pytest.fixture(params=["tables", "fake"])
def store(request, tmp_path):
    if request.param == "fake":
        yield InMemoryAuditStore()
        return
    tables = SqlAuditTables(database(tmp_path))
    yield tables
    tables.engine.dispose()


def test_an_empty_store_has_nothing_pending_and_no_leaves(store):
    with store.transaction() as view:
        assert list(view.take_pending(10)) == []
        assert view.tree_size() == 0
        assert list(view.leaf_hashes(start=0, stop=5)) == []


def test_pending_entries_come_in_the_order_they_were_inserted_and_once(store):
    store.insert(*BODIES)
    with store.transaction() as view:
        first = list(view.take_pending(2))
        rest = list(view.take_pending(2))
    assert [body for _, body in first + rest] == list(BODIES)
    with store.transaction() as view:
        assert list(view.take_pending(2)) == []


def test_a_lost_transaction_gives_everything_back(store):
    store.insert(*BODIES)

    def lose():
        with store.transaction() as view:
            taken = view.take_pending(10)
            view.append_leaves([(0, taken[0][0], leaf_hash(taken[0][1]))])
            raise LostTransactionError

    with pytest.raises(LostTransactionError):
        lose()
    with store.transaction() as view:
        assert [body for _, body in view.take_pending(10)] == list(BODIES)
        assert view.tree_size() == 0


def test_leaves_are_read_back_by_their_range(store):
    store.insert(*BODIES)
    with store.transaction() as view:
        taken = view.take_pending(10)
        view.append_leaves(
            [(index, entry, leaf_hash(body)) for index, (entry, body) in enumerate(taken)]
        )
    with store.transaction() as view:
        assert view.tree_size() == 3
        assert list(view.leaf_hashes(start=1, stop=3)) == [leaf_hash(body) for body in BODIES[1:]]
        assert list(view.leaf_hashes(start=2, stop=9)) == [leaf_hash(BODIES[2])]


@pytest.mark.parametrize("which", ["index", "entry"])
def test_a_place_in_the_log_is_given_once(store, which):
    store.insert(*BODIES)
    with store.transaction() as view:
        taken = view.take_pending(10)
        view.append_leaves([(0, taken[0][0], leaf_hash(taken[0][1]))])
    again = (0, taken[1][0]) if which == "index" else (1, taken[0][0])
    with pytest.raises((ValueError, IntegrityError)), store.transaction() as view:
        view.append_leaves([(*again, leaf_hash(b"other"))])


def test_a_sequencer_that_takes_over_goes_on_where_the_log_stands(store):
    store.insert(*BODIES[:2])
    first = Sequencer(origin="test", newest_kept=None)
    with store.transaction() as view:
        assert first.sequence_once(view) == 2
    first.commit_succeeded()
    store.insert(BODIES[2])
    second = Sequencer(origin="test", newest_kept=None)
    with store.transaction() as view:
        assert second.sequence_once(view) == 1
        hashes = list(view.leaf_hashes(start=0, stop=3))
    assert hashes == [leaf_hash(body) for body in BODIES]


def test_the_tables_give_index_body_and_hash_to_the_verifier(tmp_path):
    tables = SqlAuditTables(database(tmp_path))
    tables.insert(*BODIES)
    with tables.engine.begin() as connection:
        assert pending_count(connection) == 3
        Sequencer(origin="test", newest_kept=None).sequence_once(SqlPendingStore(connection))
    with tables.engine.begin() as connection:
        rows = list(stored_rows(connection))
        assert pending_count(connection) == 0
    assert rows == [(index, body.decode(), leaf_hash(body)) for index, body in enumerate(BODIES)]
    tables.engine.dispose()

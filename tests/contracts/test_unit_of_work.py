"""The store: what the schema promises whoever writes to it, with or without our code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.vocabulary import AuditEvent, ReasonCode, Verdict
from service.audit.canonical import canonical
from service.domain.audit_entry import AuditEntry
from service.ports.stores import Fact, FactKind
from service.store.database import open_for_reading, open_for_writing
from service.store.migrate import is_current, migrate
from service.store.tables import APPEND_ONLY, audit, audit_pending, metadata
from service.store.unit_of_work import WorkOpener
from tests.builders.contracts import client
from tests.builders.items import milestone, timesheet
from tests.builders.proposals import draft
from tests.builders.service import Workplace, database
from tests.fakes.clock import MONDAY_MORNING as NOW
from tests.fakes.scorer import CLEAR


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A workplace with rows in every table; tests of this module leave them as they are."""
    place = Workplace(database(tmp_path_factory.mktemp("store")))
    place.run(
        lambda uow: uow.references.put(
            "clients", "acme", body=client().model_dump_json(), at=place.clock.now()
        )
    )
    place.run(lambda uow: _propose_and_dismiss(place, uow))
    place.scorer.says("test:TS-2", **CLEAR)
    place.assess(timesheet(external_id="TS-2"), key="k-1")
    place.undo(place.decided(timesheet()))
    large = place.decided(
        milestone(amount_minor=60_000_00),
        verdict=Verdict.WRITE_OFF,
        reason_codes=(ReasonCode.LATE,),
    )
    place.sign(large)
    with place.open_work.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit_leaf (idx, id, leaf_hash) SELECT 0, min(id), x'00' FROM audit")
        )
    yield place
    place.close()


def _propose_and_dismiss(place, uow):
    now = place.clock.now()
    proposed = Proposal(id="prop-1", contract_id="C-1", draft=draft(), at=now, requested_by="key")
    uow.proposals.add([proposed])
    uow.proposals.settle(
        proposed.model_copy(
            update={
                "status": ProposalStatus.DISMISSED,
                "settled_by": "person-anna",
                "settled_at": now,
            }
        )
    )


def test_migrations_make_exactly_the_schema_the_code_declares(tmp_path):
    engine = open_for_writing(database(tmp_path))
    with engine.begin() as connection:
        assert is_current(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(tmp_path):
    engine = open_for_writing(database(tmp_path))
    with engine.begin() as connection:
        before = connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY 1").all()
        migrate(connection)
        assert (
            connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY 1").all() == before
        )
    engine.dispose()


def test_an_empty_database_is_not_current(tmp_path):
    engine = open_for_writing(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.begin() as connection:
        assert not is_current(connection)
    engine.dispose()


def test_every_table_is_strict(busy):
    with busy.reader.begin() as connection:
        strict = {
            row[1]: row[5]
            for row in connection.exec_driver_sql("PRAGMA table_list").all()
            if row[1] in metadata.tables
        }
    assert strict == dict.fromkeys(metadata.tables, 1)


def test_a_word_in_a_money_column_is_refused(busy):
    with (
        pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER column"),
        busy.open_work.engine.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE posting SET total_minor = 'much'")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("action", ["UPDATE", "DELETE"])
def test_history_is_only_ever_appended_to(busy, table, action):
    column = inspect(busy.reader).get_columns(table)[0]["name"]
    statement = (
        f"UPDATE {table} SET {column} = {column}" if action == "UPDATE" else f"DELETE FROM {table}"
    )
    with busy.open_work.engine.begin() as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() > 0
        with pytest.raises(DatabaseError, match=f"{table} is append-only: {action} refused"):
            connection.exec_driver_sql(statement)


def test_replacing_a_row_is_no_way_round_the_triggers(busy):
    with pytest.raises(DatabaseError), busy.open_work.engine.begin() as connection:
        connection.exec_driver_sql("REPLACE INTO audit SELECT * FROM audit")


def test_foreign_keys_are_enforced(busy):
    with pytest.raises(IntegrityError), busy.open_work.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO undo (decision_id, at) VALUES ('none', 'now')")


def test_every_audit_entry_is_pending_until_it_is_sequenced(busy):
    with busy.reader.begin() as connection:
        entries = set(connection.execute(select(audit.c.id)).scalars())
        pending = set(connection.execute(select(audit_pending.c.id)).scalars())
    assert entries == pending != set()


def test_a_propensity_of_nought_is_refused_by_the_database(busy):
    with (
        pytest.raises(IntegrityError, match="propensity_is_known"),
        busy.open_work.engine.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE review_case SET propensity = 0.0")


def test_a_unit_of_work_commits_on_a_clean_exit_and_not_after_an_error(busy):
    def entry(subject):
        return AuditEntry(event=AuditEvent.CASE_VIEWED, at=NOW, actor_id="rita", subject=subject)

    with busy.open_work() as uow:
        uow.audit.record(entry("kept"))

    def fail(uow):
        uow.audit.record(entry("lost"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        busy.run(fail)
    subjects = {one["subject"] for one in busy.audited(AuditEvent.CASE_VIEWED)}
    assert "kept" in subjects
    assert "lost" not in subjects


def test_recording_nothing_records_nothing(busy):
    before = len(busy.audited())
    busy.run(lambda uow: uow.audit.record())
    assert len(busy.audited()) == before


def test_the_body_of_an_entry_is_stored_in_its_canonical_bytes(busy):
    entry = AuditEntry(
        event=AuditEvent.CASE_VIEWED, at=NOW, actor_id="rita", subject="é", facts={"b": 1, "a": 2.5}
    )
    busy.run(lambda uow: uow.audit.record(entry))
    with busy.reader.begin() as connection:
        body = connection.execute(select(audit.c.body).where(audit.c.subject == "é")).scalar()
    assert body.encode() == canonical(entry.body())


def test_a_fact_stands_once_in_the_place_it_came_to(busy):
    def add(*kinds):
        busy.run(
            lambda uow: uow.facts.add(
                [Fact(kind=kind, subject_id="same", at=NOW) for kind in kinds]
            )
        )

    last = busy.run(lambda uow: uow.facts.since(0))[-1].seq
    add(FactKind.VERDICT, FactKind.BILL)
    add(FactKind.BILL, FactKind.VERDICT)
    news = busy.run(lambda uow: uow.facts.since(last))
    assert [fact.kind for fact in news] == [FactKind.VERDICT, FactKind.BILL]
    assert news[0].seq < news[1].seq


def test_times_come_back_in_utc_to_the_microsecond_and_sort_as_text(busy):
    vienna = datetime(2026, 3, 9, 10, 0, 0, 1, tzinfo=timezone(timedelta(hours=1)))
    busy.run(lambda uow: uow.answers.keep(owner="o", key="k", request_sha256="h", answer=b"",
                                          at=vienna))  # fmt: skip
    with busy.reader.begin() as connection:
        text_ = connection.exec_driver_sql("SELECT kept_at FROM answer WHERE owner='o'").scalar()
    assert text_ == "2026-03-09T09:00:00.000001Z"
    posting = busy.postings("test:TS-2")[0]
    assert posting.created_at.tzinfo is UTC or posting.created_at.utcoffset() == timedelta()


def test_cases_and_postings_read_back_as_they_were_saved(busy):
    case = replace(busy.case("C-000001"), doubt=0.123456789, title="Zeichnung – naïve")
    posting = replace(busy.postings("test:TS-2")[0], error="no\nway", attempts=3)

    def save_and_read(uow):
        uow.cases.save(case)
        uow.postings.save(posting)
        return uow.cases.get(case.id), uow.postings.get(posting.id)

    assert busy.run(save_and_read) == (case, posting)


def test_lists_longer_than_a_database_takes_parameters_are_asked_in_parts(busy):
    keys = [(f"none:{number}", "0" * 64) for number in range(1_000)] + [
        (one.item.item_id, one.sha256) for one in [busy.run(lambda uow: uow.items.version(1))]
    ]
    assert len(busy.run(lambda uow: uow.items.find_versions(keys))) == 1
    names = [name for name, _ in keys]
    assert busy.run(lambda uow: uow.cases.unfinished_of_items(names)) == []


def test_a_reader_does_not_wait_for_an_open_writer(tmp_path):
    url = database(tmp_path)
    opener = WorkOpener(open_for_writing(url), canonical=canonical)
    reader = WorkOpener(open_for_reading(url), canonical=canonical)
    with opener() as writing:
        writing.facts.add([Fact(kind=FactKind.BILL, subject_id="x", at=NOW)])
        with reader() as reading:
            assert reading.facts.since(0) == []
    with reader() as reading:
        assert len(reading.facts.since(0)) == 1
    opener.engine.dispose()
    reader.engine.dispose()

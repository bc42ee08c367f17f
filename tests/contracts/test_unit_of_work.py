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
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent, ReasonCode, Verdict
from service.audit.canonical import canonical
from service.domain.audit_entry import AuditEntry
from service.domain.event import Event
from service.domain.known_answer import AnswerSource, KnownAnswer
from service.domain.policy_draft import PolicyDraft
from service.domain.talk import Attachment, Comment
from service.ports.stores import Fact, FactKind
from service.store.database import open_for_reading, open_for_writing
from service.store.migrate import is_current, migrate
from service.store.tables import APPEND_ONLY, audit, audit_pending, metadata
from service.store.unit_of_work import WorkOpener
from service.usecases.deciding.decide_bulk import decide_bulk, revert_bulk
from service.wire.deciding import BulkCase, BulkRequest
from tests.builders.contracts import client
from tests.builders.items import milestone, timesheet
from tests.builders.proposals import draft
from tests.builders.service import REVIEWER, Workplace, database
from tests.fakes.clock import MONDAY_MORNING as NOW
from tests.fakes.scorer import CHECK, CLEAR


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
    _disagree(place)
    _decide_in_bulk(place)
    place.run(_know_an_answer)
    _raise_an_alarm(place)
    place.run(_talk)
    place.run(lambda uow: _publish_a_policy(place, uow))
    with place.open_work.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO audit_leaf (idx, id, leaf_hash) SELECT 0, min(id), :leaf FROM audit"),
            {"leaf": bytes(32)},
        )
    place.run(_tell_an_event)
    yield place
    place.close()


def _tell_an_event(uow):
    uow.events.add(
        [
            Event(
                index=0, id="evt-0", type="countersign.case.opened", subject="C-000001",
                sequence=1, client_id="acme", business_unit=None, at=NOW, body="{}",
            )
        ]
    )  # fmt: skip


def _raise_an_alarm(place):
    """Two checks of cleared items find a fault each, beside a challenger."""
    place.scorer.challenger = "b-2"
    for number in range(2):
        sheet = timesheet(external_id=f"TS-check-{number}")
        place.scorer.says(sheet.item_id, **CHECK)
        wrong = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.MISCODED,)}
        place.conclude(place.decided(sheet, **wrong))


def _disagree(place):
    """Two people come to different ends, and a third one rules."""
    first = place.decided(milestone(external_id="MS-2", amount_minor=60_000_00))
    place.sign(first, verdict=Verdict.REJECT, reason_codes=(ReasonCode.NOT_ACCEPTED,))
    place.adjudicate(first, stands=first.id)


def _decide_in_bulk(place):
    claimed = place.claim(place.open_case(timesheet(external_id="TS-3")).id)
    request = BulkRequest(
        cases=(BulkCase(case_id=claimed.id, version=claimed.version),),
        verdict=Verdict.APPROVE,
        reason_codes=(ReasonCode.CLAUSE_SATISFIED,),
    )
    answer = place.run(lambda uow: decide_bulk(request, actor=REVIEWER, context=place.context(uow)))
    place.run(
        lambda uow: revert_bulk(
            answer.bulk_id, actor=REVIEWER, uow=uow, undo_window=place.undo_window,
            now=place.clock.now(),
        )
    )  # fmt: skip


def _know_an_answer(uow):
    """An item whose answer was known for a while."""
    one = KnownAnswer(
        id="known-1", item_id="test:TS-2", item_seq=1, assessment_id=uow.items.assessment_of(1).id,
        is_faulty=False, source=AnswerSource.NAMED, why="Plain.", named_by_id="anna", at=NOW,
    )  # fmt: skip
    uow.known_answers.add(one)
    uow.known_answers.end("known-1", by_id="anna", at=NOW)


def _talk(uow):
    """A remark and a file beside the first case."""
    uow.talk.add_comment(
        Comment(
            id="cmt-1", case_id="C-000001", author_id="rita", text="Agreed.", mentioned_ids=(),
            at=NOW,
        )
    )  # fmt: skip
    uow.talk.add_attachment(
        Attachment(
            id="att-1", case_id="C-000001", name="a.txt", media_type="text/plain", size_bytes=1,
            sha256="0" * 64, by_id="rita", at=NOW,
        )
    )  # fmt: skip


def _publish_a_policy(place, uow):
    now = place.clock.now()
    policy = ReviewPolicy(bulk_most_cases=50)
    drafted = PolicyDraft(
        id="pol-1", policy=policy, note="why", based_on=0, author_id="anna", drafted_at=now
    )
    uow.policies.add_draft(drafted)
    uow.policies.publish(drafted.published(by="adam", in_force=0, at=now))


def _propose_and_dismiss(place, uow):
    now = place.clock.now()
    uow.documents.keep("C-1", sha256="0" * 64, text="Article 1", at=now)
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
        before = inspect(connection).get_multi_columns()
        migrate(connection)
        assert repr(inspect(connection).get_multi_columns()) == repr(before)
    engine.dispose()


def test_an_empty_database_is_not_current(tmp_path):
    engine = open_for_writing(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.begin() as connection:
        assert not is_current(connection)
    engine.dispose()


@pytest.mark.sqlite_only
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
        pytest.raises(DatabaseError, match=r"TEXT value in INTEGER column|syntax for type bigint"),
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


def test_history_is_never_emptied_at_once(busy):
    if busy.reader.dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    for table in APPEND_ONLY:
        with (
            pytest.raises(DatabaseError, match="is append-only: TRUNCATE refused"),
            busy.open_work.engine.begin() as connection,
        ):
            connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")


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

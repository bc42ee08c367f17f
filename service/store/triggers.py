"""Rules that the database itself enforces: history is only ever appended to."""

from __future__ import annotations

from collections.abc import Iterator

from service.store.tables import APPEND_ONLY


def trigger_statements(dialect: str) -> Iterator[str]:
    """Give the DDL that refuses UPDATE and DELETE, and queues audit entries for the sequencer."""
    yield from (_postgresql() if dialect == "postgresql" else _sqlite())


def _sqlite() -> Iterator[str]:
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_refuses_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {action} refused'); END"
            )
    yield (
        "CREATE TRIGGER audit_is_pending AFTER INSERT ON audit "
        "BEGIN INSERT INTO audit_pending (id) VALUES (NEW.id); END"
    )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$"
    )
    for table in APPEND_ONLY:
        yield (
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    yield (
        "CREATE FUNCTION mark_pending() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO audit_pending (id) VALUES (NEW.id); RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER audit_is_pending AFTER INSERT ON audit "
        "FOR EACH ROW EXECUTE FUNCTION mark_pending()"
    )

"""Rules that the database itself enforces: history is only ever appended to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def trigger_statements(dialect: str, *, tables: Sequence[str]) -> Iterator[str]:
    """Give the DDL that refuses UPDATE and DELETE, and queues audit entries for the sequencer."""
    yield from (_postgresql(tables) if dialect == "postgresql" else _sqlite(tables))


def append_only_statements(dialect: str, *, tables: Sequence[str]) -> Iterator[str]:
    """Give the DDL that refuses UPDATE and DELETE in tables that came after the first ones."""
    refuse = _postgresql_refusals if dialect == "postgresql" else _sqlite_refusals
    yield from refuse(tables)


def _sqlite_refusals(tables: Sequence[str]) -> Iterator[str]:
    for table in tables:
        for action in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_refuses_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {action} refused'); END"
            )


def _sqlite(tables: Sequence[str]) -> Iterator[str]:
    yield from _sqlite_refusals(tables)
    yield (
        "CREATE TRIGGER audit_is_pending AFTER INSERT ON audit "
        "BEGIN INSERT INTO audit_pending (id) VALUES (NEW.id); END"
    )


def _postgresql_refusals(tables: Sequence[str]) -> Iterator[str]:
    for table in tables:
        yield (
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _postgresql(tables: Sequence[str]) -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$"
    )
    yield from _postgresql_refusals(tables)
    yield (
        "CREATE FUNCTION mark_pending() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO audit_pending (id) VALUES (NEW.id); RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER audit_is_pending AFTER INSERT ON audit "
        "FOR EACH ROW EXECUTE FUNCTION mark_pending()"
    )

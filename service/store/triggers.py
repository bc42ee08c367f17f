"""Rules that the database itself enforces: history is only ever appended to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


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
        yield (
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
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


_BREACHES = {
    # A second opinion is somebody else's.
    "decision": (
        "NEW.signs_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision AS first "
        "WHERE first.id = NEW.signs_id AND first.actor_id <> NEW.actor_id)"
    ),
    # Whoever is named as the decider is the one who decided.
    "signature": (
        "NOT EXISTS (SELECT 1 FROM decision AS first "
        "WHERE first.id = NEW.decision_id AND first.actor_id = NEW.decider_id)"
    ),
    # The same of both who disagreed; what stands is one of the two.
    "adjudication": (
        "NOT EXISTS (SELECT 1 FROM decision AS first JOIN decision AS second "
        "ON second.id = NEW.second_decision_id WHERE first.id = NEW.first_decision_id "
        "AND first.actor_id = NEW.decider_id AND second.actor_id = NEW.second_id "
        "AND first.actor_id <> second.actor_id "
        "AND (NEW.stands_id IS NULL OR NEW.stands_id IN (first.id, second.id)))"
    ),
}
"""What no row of these tables may be, whoever writes it."""

APPROVAL_BREACHES = {
    # Nobody approves what they decided.
    "approval_word": (
        "EXISTS (SELECT 1 FROM approval "
        "WHERE approval.id = NEW.approval_id AND approval.decider_id = NEW.person_id)"
    ),
}
"""The same of requests for approval, which came later."""


def two_people_statements(
    dialect: str, *, breaches: Mapping[str, str] = _BREACHES
) -> Iterator[str]:
    """Give the DDL that refuses one person in two roles of a decision."""
    for table, breach in breaches.items():
        name, said = f"{table}_takes_two_people", f"two_people: {table} names one person twice"
        if dialect == "postgresql":
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {breach} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            yield (
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {breach} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )

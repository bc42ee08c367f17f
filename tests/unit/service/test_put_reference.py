"""Reference objects: every version is kept, and equal content changes nothing."""

from __future__ import annotations

from datetime import timedelta

from data.schemas.vocabulary import AuditEvent
from service.ports.stores import FactKind
from service.usecases.terms.put_reference import KINDS, put_reference
from tests.builders.calendars import calendar, leave, overtime, region
from tests.builders.checking import invoice
from tests.builders.contracts import assignment, client, contract, person, project
from tests.builders.expenses import preapproval, trip


def _put(workplace, kind, *objects):
    return workplace.run(
        lambda uow: put_reference(
            kind,
            [(one.id, one) for one in objects],
            actor_id="key-1",
            uow=uow,
            now=workplace.clock.now(),
        )
    )


def _facts(workplace):
    return [(fact.kind, fact.subject_id) for fact in workplace.run(lambda uow: uow.facts.since(0))]


def test_every_version_is_kept_and_the_newest_is_in_force(workplace):
    assert _put(workplace, "clients", client()) == 1
    assert _put(workplace, "clients", client(name="Acme Holding")) == 1
    stored = workplace.run(
        lambda uow: [
            uow.references.get_version("clients/acme/1"),
            uow.references.get_version("clients/acme/2"),
            uow.references.get("clients", "acme"),
        ]
    )
    assert [client(name=name).model_dump_json() for name in ("Acme", "Acme Holding")] == stored[:2]
    assert stored[2] == stored[1]
    assert workplace.run(lambda uow: uow.references.load()).clients["acme"].name == "Acme Holding"


def test_everything_that_was_put_is_what_items_are_checked_against(workplace):
    given = {
        "regions": region(),
        "calendars": calendar(),
        "leave": leave(),
        "overtime_approvals": overtime(),
        "trips": trip(),
        "preapprovals": preapproval(),
    }
    for kind, one in given.items():
        assert _put(workplace, kind, one) == 1
    loaded = workplace.run(lambda uow: uow.references.load())
    for kind, one in given.items():
        known = getattr(loaded, kind)
        assert one in (known.values() if isinstance(known, dict) else known)


def test_the_same_content_again_changes_nothing(workplace):
    _put(workplace, "clients", client())
    assert _put(workplace, "clients", client()) == 0
    assert len(workplace.audited(AuditEvent.REFERENCE_CHANGED)) == 1
    assert len(_facts(workplace)) == 1


def test_a_return_to_earlier_content_is_a_new_version(workplace):
    for name in ("Acme", "Other", "Acme"):
        assert _put(workplace, "clients", client(name=name)) == 1
    assert [subject for _, subject in _facts(workplace)] == [
        "clients/acme/1",
        "clients/acme/2",
        "clients/acme/3",
    ]


def test_an_object_that_stands_twice_in_one_request_leaves_two_versions(workplace):
    assert _put(workplace, "clients", client(), client(name="Other")) == 2
    assert [subject for _, subject in _facts(workplace)] == ["clients/acme/1", "clients/acme/2"]
    versions = [one["facts"]["version"] for one in workplace.audited()]
    assert versions == ["clients/acme/1", "clients/acme/2"]


def test_ids_with_slashes_name_their_versions(workplace):
    _put(workplace, "contracts", contract(id="2026/01"))
    name = workplace.run(lambda uow: uow.references.version_name("contracts", "2026/01"))
    assert name == "contracts/2026/01/1"
    assert workplace.run(lambda uow: uow.references.get_version(name)) is not None


def test_invoices_and_payments_are_facts_of_their_own_kind(workplace):
    _put(workplace, "invoices", invoice("E-1"))
    _put(workplace, "people", person())
    assert [kind for kind, _ in _facts(workplace)] == [FactKind.INVOICE, FactKind.REFERENCE]


def test_everything_items_are_checked_against_reads_back_equal(workplace):
    _put(workplace, "clients", client())
    _put(workplace, "contracts", contract())
    _put(workplace, "people", person())
    _put(workplace, "projects", project())
    later = assignment(id="A-2", end=assignment().end - timedelta(days=1))
    _put(workplace, "assignments", assignment(), later)
    loaded = workplace.run(lambda uow: uow.references.load())
    assert loaded.contracts == {"C-1": contract()}
    assert loaded.projects == {"P-1": project()}
    assert loaded.assignments == (assignment(), later)
    assert set(KINDS) >= {"clients", "contracts", "people", "projects", "assignments"}

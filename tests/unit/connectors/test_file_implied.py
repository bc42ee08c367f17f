"""What a file implies never takes the place of what somebody wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas import reference as known_reference
from data.schemas.people import Task
from service.connectors.file_implied import beyond_known
from service.connectors.file_mapping import Defaults
from service.connectors.file_reference import reference_of
from service.connectors.file_work import Work
from service.connectors.reference import Reference

NOW, LATER = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
TERMS = Defaults.model_validate(
    {"zone": "Europe/Vienna", "currency": "EUR", "country": "AT", "hourly_rates_minor": {"*": 1}}
)


def work(day=2, *, task="design", person="ana", category="staff"):
    return Work(
        id=f"{person}-{day}", person_id=person, client_id="acme", contract_id="kiln",
        line_id="kiln-work", project_id="kiln", task_id=task, labor_category=category,
        hourly_rate_minor=1, work_date=date(2026, 3, day), minutes_worked=60, minutes_billable=60,
        narrative="", recorded_at=NOW,
    )  # fmt: skip


def implied(*rows, now=NOW):
    return reference_of(rows, terms=TERMS, now=now)


def known(of: Reference, **changed):
    kinds = {
        "clients": {one.id: one for one in of.clients},
        "contracts": {one.id: one for one in of.contracts},
        "people": {one.id: one for one in of.people},
        "projects": {one.id: one for one in of.projects},
        "assignments": of.assignments,
    }
    return known_reference.Reference(**kinds | changed)


def test_the_same_file_on_another_day_adds_nothing():
    before = known(implied(work()))
    assert beyond_known(implied(work(), now=LATER), known=before) == Reference()


def test_a_later_file_widens_what_an_earlier_one_implied():
    before = known(implied(work()))
    later = implied(work(9, task="build", category="engineer"), now=LATER)
    beyond = beyond_known(later, known=before)
    (contract,), (project,), (stay,) = beyond.contracts, beyond.projects, beyond.assignments
    assert [row.labor_category for row in contract.rate_card] == ["staff", "engineer"]
    assert (contract.signed_on, contract.recorded_at) == (date(2026, 3, 2), LATER)
    assert [task.id for task in project.tasks] == ["design", "build"]
    assert (stay.start, stay.end) == (date(2026, 3, 2), date(2026, 3, 9))
    assert (beyond.clients, beyond.people) == ((), ())


def test_what_somebody_wrote_stays_as_it_is():
    first = implied(work())
    (contract,), (project,), (stay,) = first.contracts, first.projects, first.assignments
    written = known(
        first,
        contracts={"kiln": contract.model_copy(update={"name": "The kiln of Acme"})},
        projects={
            "kiln": project.model_copy(update={"tasks": (Task(id="design", name="Design"),)})
        },
        assignments=(stay.model_copy(update={"id": "plan-1"}),),
    )
    later = implied(work(9, task="build", person="bo", category="engineer"), now=LATER)
    beyond = beyond_known(later, known=written)
    assert (beyond.contracts, beyond.projects, beyond.assignments) == ((), (), ())
    assert [one.id for one in beyond.people] == ["bo"]


def test_rates_and_clauses_that_came_from_elsewhere_outlive_a_later_file():
    first = implied(work())
    (contract,) = first.contracts
    rate = contract.rate_card[0].model_copy(update={"valid_from": date(2026, 4, 1)})
    agreed = contract.model_copy(update={"rate_card": (*contract.rate_card, rate)})
    before = known(first, contracts={"kiln": agreed})
    assert beyond_known(implied(work(), now=LATER), known=before).contracts == ()
    (wider,) = beyond_known(implied(work(1), now=LATER), known=before).contracts
    assert [str(row.valid_from) for row in wider.rate_card] == ["2026-03-01", "2026-04-01"]

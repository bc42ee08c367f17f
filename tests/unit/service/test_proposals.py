"""Proposed clauses: stored once, in force only once a person with the right to it says so."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.clauses import NotToExceed, WorkingTime
from data.schemas.contracts import Contract
from data.schemas.proposals import ProposalStatus
from data.schemas.vocabulary import AuditEvent, ClauseKind, Role, Scope
from service.domain.actor import Actor
from service.domain.errors import (
    ClauseInForceError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    ProposalSettledError,
)
from service.ports.clauses import ClauseReading
from service.usecases.terms.confirm_clause import confirm_clause
from service.usecases.terms.dismiss_clause import dismiss_clause
from service.usecases.terms.propose_clauses import propose_clauses
from service.usecases.terms.put_reference import put_reference
from service.wire.proposals import ConfirmRequest
from tests.builders.contracts import SIGNED, clauses, contract
from tests.builders.proposals import draft

ANNA = Actor(id="person-anna", name="Anna", roles=frozenset({Role.APPROVER}))
RITA = Actor(id="person-rita", name="Rita", roles=frozenset({Role.REVIEWER}))
KEY = Actor(id="full-key", name="Nightly", key_scopes=frozenset(Scope))


@pytest.fixture
def office(workplace):
    """A workplace whose contract says nothing about the working day."""
    told = contract(clauses=clauses(without={ClauseKind.WORKING_TIME}))
    workplace.run(
        lambda uow: put_reference(
            "contracts", [(told.id, told)], actor_id="key", uow=uow, now=workplace.clock.now()
        )
    )
    return workplace


def propose(office, *drafts, line_id=None, contract_id="C-1"):
    return office.run(
        lambda uow: propose_clauses(
            contract_id, reading(*drafts), line_id=line_id, actor=KEY, uow=uow,
            now=office.clock.now(), ids=office.ids,
        )
    )  # fmt: skip


def reading(*drafts):
    return ClauseReading(
        document="Article 1. Working time", document_sha256="a" * 64, drafts=drafts or (draft(),)
    )


def confirm(office, proposal, actor=ANNA, **corrections):
    return office.run(
        lambda uow: confirm_clause(
            proposal.id, ConfirmRequest(**corrections), actor=actor, uow=uow,
            now=office.clock.now(),
        )
    )  # fmt: skip


def dismiss(office, proposal, actor=ANNA):
    return office.run(
        lambda uow: dismiss_clause(
            proposal.id, reason="boilerplate", actor=actor, uow=uow, now=office.clock.now()
        )
    )


def contract_now(office):
    return Contract.model_validate_json(
        office.run(lambda uow: uow.references.get("contracts", "C-1"))
    )


def proposals(office, status=None):
    return office.run(lambda uow: uow.proposals.of_contract("C-1", status=status))


def test_a_proposal_changes_no_contract(office):
    before = contract_now(office)
    (made,) = propose(office)
    assert made.status is ProposalStatus.PROPOSED
    assert contract_now(office) == before
    assert [one["subject"] for one in office.audited(AuditEvent.CLAUSES_PROPOSED)] == [
        "contracts/C-1"
    ]


def test_the_same_passage_is_proposed_once(office):
    propose(office)
    assert propose(office) == ()
    assert len(proposals(office)) == 1
    assert len(propose(office, line_id="L-1")) == 1


def test_only_contracts_and_lines_there_are_get_proposals(office):
    with pytest.raises(NotFoundError):
        propose(office, contract_id="nowhere")
    with pytest.raises(InvalidRequestError, match="name one of L-1"):
        propose(office, line_id="L-9")


def test_a_confirmed_clause_is_in_force_in_a_new_version_with_the_name_of_the_person(office):
    (made,) = propose(office)
    settled = confirm(office, made)
    clause = contract_now(office).clauses[-1]
    assert (settled.status, settled.clause_id) == (ProposalStatus.CONFIRMED, clause.id)
    assert clause.terms == WorkingTime(max_daily_minutes=600)
    assert (clause.confirmed_by, clause.proposed_by) == ("person-anna", "clauses:embedded-test")
    assert (clause.valid_from, clause.source) == (SIGNED, made.draft.source)
    assert office.run(lambda uow: uow.references.version_name("contracts", "C-1")).endswith("/2")
    (told,) = office.audited(AuditEvent.CLAUSE_CONFIRMED)
    assert told["facts"]["terms"] == {"kind": "working_time", "max_daily_minutes": 600}
    assert told["facts"]["is_corrected"] is False


def test_the_corrections_of_the_person_outrank_what_was_read(office):
    (made,) = propose(office)
    confirm(
        office, made, terms=WorkingTime(max_daily_minutes=480), valid_from=date(2026, 2, 1),
        line_id="L-1",
    )  # fmt: skip
    clause = contract_now(office).clauses[-1]
    assert (clause.terms.max_daily_minutes, clause.line_id) == (480, "L-1")
    assert clause.valid_from == date(2026, 2, 1)
    assert office.audited(AuditEvent.CLAUSE_CONFIRMED)[0]["facts"]["is_corrected"] is True


def test_missing_terms_must_be_written_by_the_person(office):
    (made,) = propose(
        office, draft(terms=None, kind=ClauseKind.WORKING_TIME, missing=("max_daily_minutes",))
    )
    with pytest.raises(InvalidRequestError, match="does not give max_daily_minutes"):
        confirm(office, made)
    confirm(office, made, terms=WorkingTime(max_daily_minutes=600))
    assert contract_now(office).clauses[-1].terms.max_daily_minutes == 600


@pytest.mark.parametrize("actor", [RITA, KEY], ids=["a reviewer", "a key with every scope"])
def test_only_people_who_approve_may_settle(office, actor):
    (made,) = propose(office)
    for settle in (confirm, dismiss):
        with pytest.raises(NotAllowedError):
            settle(office, made, actor)
    assert [one.status for one in proposals(office)] == [ProposalStatus.PROPOSED]


def test_a_proposal_is_settled_once(office):
    (made,) = propose(office)
    dismiss(office, made)
    for settle in (confirm, dismiss):
        with pytest.raises(ProposalSettledError, match="dismissed by person-anna"):
            settle(office, made)
    assert contract_now(office).recorded_at == contract().recorded_at
    assert office.audited(AuditEvent.CLAUSE_DISMISSED)[0]["facts"]["reason"] == "boilerplate"


def test_an_earlier_clause_of_the_kind_ends_on_the_day_before(office):
    (first,) = propose(office)
    confirm(office, first)
    moved = draft(
        terms=WorkingTime(max_daily_minutes=480),
        source=draft().source.model_copy(update={"char_start": 0}),
    )
    (second,) = propose(office, moved)
    confirm(office, second, valid_from=date(2026, 7, 1))
    earlier, later = contract_now(office).clauses[-2:]
    assert (earlier.valid_to, later.valid_from) == (date(2026, 6, 30), date(2026, 7, 1))


def test_a_day_that_is_taken_is_told(office):
    (made,) = propose(office, draft(terms=NotToExceed(limit_minor=5_000_00)))
    with pytest.raises(ClauseInForceError) as refused:
        confirm(office, made)
    assert refused.value.clause_id == "CL-not_to_exceed"
    assert "valid_from after" in refused.value.remedy


def test_proposals_are_listed_by_where_they_stand(office):
    other = draft(source=draft().source.model_copy(update={"char_start": 0}))
    first, second = propose(office, draft(), other)
    confirm(office, first)
    assert [one.id for one in proposals(office, ProposalStatus.PROPOSED)] == [second.id]
    assert [one.id for one in proposals(office, ProposalStatus.CONFIRMED)] == [first.id]
    assert proposals(office, ProposalStatus.DISMISSED) == []


def test_the_text_is_kept_once_beside_what_was_read_out_of_it(office):
    propose(office)
    propose(office)

    assert (
        office.run(lambda uow: uow.documents.get("C-1", sha256="a" * 64))
        == "Article 1. Working time"
    )
    assert office.run(lambda uow: uow.documents.get("C-2", sha256="a" * 64)) is None

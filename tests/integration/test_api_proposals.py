"""Proposed clauses over HTTP, through the typed client: a key proposes, a person confirms."""

from __future__ import annotations

import httpx2
import pytest

from data.schemas.clauses import KeyPersonnel
from data.schemas.contracts import Contract
from data.schemas.proposals import ProposalStatus
from data.schemas.vocabulary import ClauseKind
from service.api.problems import STATUS_OF
from service.client import ApiProblem, CountersignClient
from service.domain.errors import ClauseInForceError, ProposalSettledError
from service.wire.proposals import ConfirmRequest
from tests.builders.contracts import clauses, client, contract
from tests.builders.proposals import DOCUMENT

CONTRACT = "office/7 a"


@pytest.fixture(scope="module")
def office(told_api):
    """The API knowing a contract that says nothing about key personnel and the working day."""
    kinds = {ClauseKind.WORKING_TIME, ClauseKind.NOT_TO_EXCEED}
    told = contract(id=CONTRACT, client_id="office", clauses=clauses(without=kinds))
    with typed(told_api, "reference-key") as caller:
        caller.put_client(client(id="office"))
        caller.put_contract(told)
    return told_api


def typed(api, who) -> CountersignClient:
    def forward(request: httpx2.Request) -> httpx2.Response:
        answer = api.client.request(
            request.method,
            str(request.url),
            headers=dict(request.headers),
            content=request.content,
        )
        return httpx2.Response(answer.status_code, content=answer.content)

    return CountersignClient(
        "http://testserver", token=who, transport=httpx2.MockTransport(forward)
    )


def contract_now(api) -> Contract:
    with typed(api, "read-key") as caller:
        return Contract.model_validate_json(
            caller._send("GET", f"/v1/contracts/{CONTRACT.replace('/', '%2F')}")
        )


@pytest.fixture(scope="module")
def made(office):
    with typed(office, "reference-key") as caller:
        return caller.propose_clauses(CONTRACT, text=DOCUMENT)


def of_kind(made, kind):
    return next(one for one in made.proposals if one.draft.kind is kind)


def test_a_text_becomes_proposals_once(office, made):
    assert {one.draft.kind for one in made.proposals} == {
        ClauseKind.NOT_TO_EXCEED,
        ClauseKind.WORKING_TIME,
        ClauseKind.KEY_PERSONNEL,
    }
    with typed(office, "reference-key") as caller:
        again = caller.propose_clauses(CONTRACT, text=DOCUMENT)
    assert (again.proposals, again.already_known) == ((), 3)
    assert contract_now(office).clauses == clauses(
        without={ClauseKind.WORKING_TIME, ClauseKind.NOT_TO_EXCEED}
    )


def test_a_person_confirms_corrects_and_dismisses(office, made):
    ceiling = of_kind(made, ClauseKind.NOT_TO_EXCEED)
    people = of_kind(made, ClauseKind.KEY_PERSONNEL)
    day = of_kind(made, ClauseKind.WORKING_TIME)
    with typed(office, "anna") as anna, typed(office, "full-key") as key:
        with pytest.raises(ApiProblem, match="403"):
            key.confirm_clause(ceiling.id, ConfirmRequest())
        confirmed = anna.confirm_clause(ceiling.id, ConfirmRequest())
        with pytest.raises(ApiProblem, match=r"422.*does not give approved"):
            anna.confirm_clause(people.id, ConfirmRequest())
        named = KeyPersonnel.model_validate(
            {"approved": ({"person_id": "ada", "start": contract().signed_on},)}
        )
        anna.confirm_clause(people.id, ConfirmRequest(terms=named, line_id="L-1"))
        anna.dismiss_clause(day.id, reason="agreed otherwise")
        with pytest.raises(ApiProblem, match=r"409.*was dismissed by person-anna"):
            anna.confirm_clause(day.id, ConfirmRequest())
        waiting = anna.proposals(CONTRACT, status=ProposalStatus.PROPOSED)
        first = anna.proposals(CONTRACT, limit=2)
        rest = anna.proposals(CONTRACT, limit=2, cursor=first.next_cursor)
    assert waiting.proposals == ()
    assert (len(first.proposals), len(rest.proposals), rest.next_cursor) == (2, 1, None)
    last = contract_now(office).clauses[-2:]
    assert [(one.terms.kind, one.confirmed_by) for one in last] == [
        (ClauseKind.NOT_TO_EXCEED, "person-anna"),
        (ClauseKind.KEY_PERSONNEL, "person-anna"),
    ]
    assert last[0].id == confirmed.clause_id


@pytest.mark.parametrize(
    ("path", "body", "status", "detail"),
    [
        ("contracts/nowhere/proposals", {"text": "x"}, 404, "nowhere"),
        ("contracts/C-1/proposals", {"text": ""}, 422, "text"),
        ("contracts/C-1/proposals", {"text": "x", "line_id": "L-9"}, 422, "name one of L-1"),
        ("proposals/none/confirm", {}, 404, "proposal"),
        ("proposals/none/confirm", {"terms": {"kind": "sorcery"}}, 422, "terms"),
        ("proposals/none/dismiss", {"reason": ""}, 422, "reason"),
    ],
)
def test_what_cannot_be_done_is_told(office, path, body, status, detail):
    answer = office.call("adam", "POST", f"/v1/{path}", json=body)
    assert answer.status_code == status
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("read-key", 403), ("rita", 403), ("otto", 403), ("anna", 200), ("reference-key", 200)],
)
def test_who_approves_or_keeps_reference_objects_may_have_a_text_read(office, who, status):
    answer = office.call(who, "POST", "/v1/contracts/C-1/proposals", json={"text": "x"})
    assert answer.status_code == status


def test_the_new_refusals_are_conflicts():
    assert {STATUS_OF[ProposalSettledError], STATUS_OF[ClauseInForceError]} == {409}

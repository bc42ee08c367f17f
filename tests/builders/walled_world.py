"""An installation with walls: the same things on this side, at another client, in another unit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule, Approver
from data.schemas.contracts import ContractLine
from data.schemas.reference import Reference
from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import ApprovalKind, Role, Scope
from service.clock import SystemClock
from service.domain.account import Account, ApiKey
from service.domain.policy_draft import PolicyDraft
from service.domain.wall import Wall
from service.scoring.watching import LiveWatcher
from service.usecases.deciding.conclude_decision import conclude_decision
from service.usecases.people.log_in import hash_of, log_in
from tests.builders.api import RunningApi, _password_hash
from tests.builders.contracts import (
    assignment,
    clauses,
    client,
    contract,
    manager,
    person,
    project,
    reference,
)
from tests.builders.items import timesheet, week
from tests.builders.service import never

OWN, CLIENT, UNIT, MISSING = "own", "zzbolt", "zzsouth", "missing"
"""This side of the wall, another client's, another business unit's, and what does not exist."""
BEHIND = (CLIENT, UNIT)
WALL = Wall(client_ids=frozenset({"acme"}), business_units=frozenset({"North"}))
WALLED_PERSON, WALLED_KEY, OPEN_PERSON = "walled-person", "walled-key", "open-person"
ROLE_CALLERS = {role: f"role-{role}" for role in Role}
KEY_CALLERS = {scope: f"scope-{scope}" for scope in Scope}
EXPIRED, REVOKED, INACTIVE = "expired-session", "revoked-session", "inactive-person"
REVOKED_KEY = "revoked-key"


def walled_reference() -> Reference:
    """Three contracts that differ in nothing but whose they are; everything carries its side."""
    sides = ((OWN, "acme", "North"), (CLIENT, CLIENT, "North"), (UNIT, "acme", "South"))
    return reference(
        *(
            contract(
                id=f"C-{side}",
                client_id=client_id,
                name=f"Contract {side}",
                lines=tuple(
                    ContractLine(id=line, project_id=f"P-{side}", name=f"{line} of {side}")
                    for line in ("L-1", "L-2")
                ),
                clauses=clauses(),
            )
            for side, client_id, _ in sides
        ),
        clients=(client(), client(id=CLIENT, name=f"Client {CLIENT}")),
        projects=tuple(
            project(
                id=f"P-{side}",
                name=f"Project {side}",
                client_id=client_id,
                contract_id=f"C-{side}",
                business_unit=unit,
            )
            for side, client_id, unit in sides
        ),
        people=(manager(), *(person(id=f"ada-{side}", name=f"Ada {side}") for side, _, _ in sides)),
        assignments=tuple(
            assignment(id=f"A-{side}", person_id=f"ada-{side}", project_id=f"P-{side}")
            for side, _, _ in sides
        ),
    )


def sheet(side: str, *, name: str = "TS", **overrides: Any):
    """A timesheet on a side, with the side in every text of it."""
    external_id = f"{name}-{side}"
    given = {
        "external_id": external_id,
        "person_id": f"ada-{side}",
        "contract_id": f"C-{side}",
        "entries": week(
            of=external_id, project_id=f"P-{side}", narrative=f"Wrote the report of {side}"
        ),
    }
    return timesheet(**(given | overrides))


@dataclass
class WalledWorld:
    """A running API and the ids of what lies on each side, by kind."""

    api: RunningApi
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, kind: str, side: str) -> str:
        """Give the id of a thing on a side; of what does not exist, one of the same form."""
        return self.ids[kind][side]


def people_and_keys(api: RunningApi) -> None:
    """Let in one person of each role, one key of each scope, and those behind the wall."""
    now = SystemClock().now()
    everybody = {name: frozenset({role}) for role, name in ROLE_CALLERS.items()}
    everybody |= dict.fromkeys(
        (WALLED_PERSON, OPEN_PERSON, EXPIRED, REVOKED, INACTIVE), frozenset(Role)
    )
    keys = {name: frozenset({scope}) for scope, name in KEY_CALLERS.items()}
    keys |= dict.fromkeys((WALLED_KEY, REVOKED_KEY), frozenset(Scope))
    with api.opener() as uow:
        for name, roles in everybody.items():
            account = Account(
                person_id=f"person-{name}",
                login=name,
                name=name,
                password_hash=_password_hash(),
                roles=roles,
            )
            uow.accounts.save(account)
            log_in(name, is_password_right=True, token=name, uow=uow, now=now)
            if name == INACTIVE:
                uow.accounts.save(replace(account, is_active=False))
        for name, scopes in keys.items():
            key = ApiKey(id=name, name=name, key_sha256=hash_of(name), scopes=scopes)
            if name == WALLED_KEY:
                key = replace(key, wall=WALL)
            uow.accounts.save_key(replace(key, is_revoked=name == REVOKED_KEY))
        for name, change in (
            (EXPIRED, {"last_seen_at": now - timedelta(hours=1)}),
            (REVOKED, {"is_revoked": True}),
        ):
            session = uow.accounts.session(hash_of(name))
            assert session is not None
            uow.accounts.save_session(replace(session, **change))


def sign_in_again(api: RunningApi, name: str) -> None:
    """Open a person's session anew, after a call that ended it."""
    with api.opener() as uow:
        session = uow.accounts.session(hash_of(name))
        assert session is not None
        uow.accounts.save_session(replace(session, is_revoked=False))


def furnish(api: RunningApi) -> WalledWorld:
    """Fill all three sides with the same things, through the API itself."""
    people_and_keys(api)
    _want_approvals(api)
    world = WalledWorld(api)
    # The wall goes up last: what was said to a person before must not reach them behind it.
    for side in (OWN, *BEHIND):
        for kind, name in _furnished(api, side).items():
            world.ids.setdefault(kind, {})[side] = name
    missing = {
        "case": "C-999999", "item": "test:TS-none", "assessment": "asm-none",
        "contract": "C-none", "client": "client-none", "project": "P-none", "person": "person-none",
        "document": "0" * 64,
    }  # fmt: skip
    for kind, sides in world.ids.items():
        sides[MISSING] = missing.get(kind, f"{kind}-none")
    with api.opener() as uow:
        account = uow.accounts.by_login(WALLED_PERSON)
        assert account is not None
        uow.accounts.save(replace(account, wall=WALL))
    return world


def _furnished(api: RunningApi, side: str) -> dict[str, str]:
    found = {
        "contract": f"C-{side}",
        "project": f"P-{side}",
        "person": f"ada-{side}",
        "client": CLIENT if side == CLIENT else "acme",
    }
    (opened,) = api.assess(sheet(side)).json()["results"]
    found |= {
        "case": opened["case_id"],
        "item": f"test:TS-{side}",
        "assessment": opened["assessment"]["id"],
    }
    decided = api.claimed(sheet(side, name="TD"), who="carl")
    answer = api.decide(decided, who="carl", note=f"fine with {side}").json()
    found |= {"decision": answer["decision"]["id"], "decided_case": answer["case"]["id"]}
    with api.opener() as uow:
        posting = uow.postings.of_decision(found["decision"])
        assert posting is not None
        found["posting"] = posting.id
    known = {"case_id": found["decided_case"], "is_faulty": False, "why": f"Settled with {side}"}
    found["known"] = api.call("anna", "POST", "/v1/known-cases", json=known).json()["id"]
    found["transfer"] = _transfer(api, side)
    found["approval"] = _approval(api, side)
    return found | _terms(api, side) | _talk(api, side, case_id=found["case"])


def _transfer(api: RunningApi, side: str) -> str:
    """Move an hour to another line on the same side."""
    claim = api.claimed(sheet(side, name="TM"), who="carl")
    row = claim["detail"]["item"]["entries"][0]
    moved = {
        "row_id": row["id"],
        "minutes_billable": row["minutes_billable"] - 60,
        "minutes_moved": 60,
        "moved_to": {"contract_id": f"C-{side}", "line_id": "L-2"},
    }
    more = {"verdict": "adjust", "reason_codes": ["miscoded"], "adjustments": [moved]}
    decision_id = api.decide(claim, who="carl", **more).json()["decision"]["id"]
    with api.opener() as uow:
        later = SystemClock().now() + timedelta(minutes=5)
        conclude_decision(decision_id, uow=uow, watcher=LiveWatcher(), coin=never, now=later)
    listed = api.call(OPEN_PERSON, "GET", "/v1/transfers").json()["transfers"]
    return next(one["id"] for one in listed if one["item_id"] == f"test:TM-{side}")


def _approval(api: RunningApi, side: str) -> str:
    """Write something off that waits for a leader's approval."""
    claim = api.claimed(sheet(side, name="TA"), who="carl")
    more = {"verdict": "write_off", "reason_codes": ["late"]}
    decision_id = api.decide(claim, who="carl", **more).json()["decision"]["id"]
    with api.opener() as uow:
        (asked,) = uow.approvals.of_decision(decision_id)
    return asked.id


def _want_approvals(api: RunningApi) -> None:
    """Put a policy in force under which a leader approves every write-off."""
    rule = ApprovalRule(
        kind=ApprovalKind.WRITE_OFF, approvers=(Approver(role=Role.OPERATIONS_LEADER),)
    )
    changed = STANDARD_REVIEW_POLICY.model_copy(update={"approvals": ApprovalPolicy(rules=(rule,))})
    now = SystemClock().now()
    draft = PolicyDraft(
        id="pol-approvals", policy=changed, note="Leaders approve write-offs", based_on=0,
        author_id="person-anna", drafted_at=now,
    )  # fmt: skip
    with api.opener() as uow:
        uow.policies.add_draft(draft)
        published = draft.published(by="person-adam", in_force=0, at=now)
        uow.policies.publish(published)
        uow.policies.settle(published)


def _terms(api: RunningApi, side: str) -> dict[str, str]:
    text = f"Time is rounded to units of 15 minutes. Side {side}."
    path = f"/v1/contracts/C-{side}/proposals"
    proposed = api.call("anna", "POST", path, json={"text": text}).json()["proposals"]
    return {
        "proposal": proposed[0]["id"],
        "document": proposed[0]["draft"]["source"]["document_sha256"],
    }


def _talk(api: RunningApi, side: str, *, case_id: str) -> dict[str, str]:
    """Talk that would reach the walled person, were there no wall: a mention, a file, a view."""
    comment = {"text": f"Look at {side}, @{WALLED_PERSON} @{OPEN_PERSON}"}
    api.call("anna", "POST", f"/v1/cases/{case_id}/comments", json=comment)
    view = {"page": "cases", "name": f"All of {side}", "filters": {"q": side}, "is_shared": True}
    api.call(OPEN_PERSON, "POST", "/v1/views", json=view)
    files = {"file": (f"{side}.txt", f"receipt of {side}".encode(), "text/plain")}
    answer = api.call(OPEN_PERSON, "POST", f"/v1/cases/{case_id}/attachments", files=files)
    return {"attachment": answer.json()["id"]}

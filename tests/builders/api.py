"""The whole API in this process, over a temporary home, with people and workflows that may call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from data.schemas.reference import Reference
from data.schemas.vocabulary import Role, Scope
from service.api.intake import Intake
from service.api.passwords import Passwords
from service.app import create_app
from service.audit.canonical import canonical
from service.clock import SystemClock
from service.connectors.reference import Reference as StoredReference
from service.domain.account import Account, ApiKey
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.usecases.people.log_in import hash_of, log_in
from service.usecases.terms.put_reference import put_reference
from tests.builders.databases import settings_over
from tests.fakes.scorer import FakeScorer

PASSWORD = "correct horse battery"
BODY_LIMIT = 4_000_000
QUICK = {"max_body_bytes": BODY_LIMIT, "rate_per_address": 0}
"""Tests that knock without credentials knock more often than anybody else."""
PEOPLE: Mapping[str, tuple[str, frozenset[Role]]] = {
    "rita": ("Rita Reviewer", frozenset({Role.REVIEWER})),
    "carl": ("Carl Colleague", frozenset({Role.REVIEWER})),
    "anna": ("Anna Approver", frozenset({Role.APPROVER})),
    "otto": ("Otto Auditor", frozenset({Role.AUDITOR})),
    "dora": ("Dora Data", frozenset({Role.DATA_SCIENTIST})),
    "adam": ("Adam Admin", frozenset({Role.ADMIN})),
}
KEYS: Mapping[str, frozenset[Scope]] = {
    "assess-key": frozenset({Scope.ASSESS}),
    "read-key": frozenset({Scope.READ}),
    "reference-key": frozenset({Scope.REFERENCE}),
    "audit-key": frozenset({Scope.AUDIT}),
    "full-key": frozenset(Scope),
}
_KEYS = count(1)


@dataclass
class RunningApi:
    """One running application; the token of a person or a key is its name."""

    app: FastAPI
    client: TestClient
    opener: WorkOpener

    def call(self, who: str | None, method: str, path: str, **more: Any):
        """Send one request as a caller, or as nobody; writes come under a key of their own."""
        given = {} if method == "GET" else {"Idempotency-Key": new_key()}
        given |= {"Authorization": f"Bearer {who}"} if who else {}
        headers = given | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def assess(self, *items, who: str = "full-key", key: str | None = None):
        """Submit items of `data.schemas`."""
        return self.assess_raw([raw(item) for item in items], who=who, key=key)

    def assess_raw(self, rows: list[Any], *, who: str = "full-key", key: str | None = None):
        """Submit rows as they are."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call(who, "POST", "/v1/assessments", json={"items": rows}, headers=headers)

    def claim(self, who: str, **body: Any):
        """Claim as a person."""
        return self.call(who, "POST", "/v1/queue/claim", json=body)

    def claimed(self, item, *, who: str = "rita") -> dict[str, Any]:
        """Submit an item and claim its case by name; gives the claim."""
        case_id = self.assess(item).json()["results"][0]["case_id"]
        return self.claim(who, case_id=case_id).json()["claims"][0]

    def decide(self, claim: Mapping[str, Any], *, who: str = "rita", key=None, **more: Any):
        """Decide a claim; approves unless told otherwise."""
        body = {
            "lease_token": claim["lease_token"],
            "version": claim["detail"]["case"]["version"],
            "verdict": "approve",
            "reason_codes": ["clause_satisfied"],
        }
        headers = {"Idempotency-Key": key} if key else {}
        path = f"/v1/cases/{claim['detail']['case']['id']}/decision"
        return self.call(who, "POST", path, json=body | more, headers=headers)


def new_key() -> str:
    """An idempotency key that no other request has."""
    return f"key-{next(_KEYS)}"


def raw(item) -> dict[str, Any]:
    """An item as a workflow sends it."""
    return item.model_dump(mode="json")


@contextmanager
def running_api(home: Path, *, reference: Reference, **settings: Any) -> Iterator[RunningApi]:
    """Start the API over a new home that knows `reference`, every person and every key."""
    chosen = settings_over(home, **QUICK | settings)
    app = create_app(chosen)
    use_coin(app, lambda _: 0.999)
    opener = WorkOpener(open_for_writing(chosen.database), canonical=canonical)
    _fill(opener, reference)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield RunningApi(app=app, client=client, opener=opener)
    opener.engine.dispose()


@contextmanager
def held_up(api: RunningApi) -> Iterator[None]:
    """Let nothing be written within the block; it is let go however the block ends."""
    gate = threading.Event()
    held = api.app.state.parts.writer.submit(lambda _uow: gate.wait())
    try:
        yield
    finally:
        gate.set()
        held.result()


def use_coin(app: FastAPI, coin: Callable[[str], float]) -> None:
    """Let chance be what a test says; 0.999 hands out ordinary work and shows the score."""
    app.state.parts = replace(app.state.parts, coin=coin)


def tell(api: RunningApi) -> FakeScorer:
    """Put a told scorer in the place of the models, and give it."""
    scorer = FakeScorer()
    parts = replace(api.app.state.parts, scorer=scorer)
    api.app.state.parts, api.app.state.intake = parts, Intake(parts)
    return scorer


def _fill(opener: WorkOpener, reference: Reference) -> None:
    now = SystemClock().now()
    with opener() as uow:
        for kind, objects in StoredReference.of(reference).collections():
            named = [(one.id, one) for one in objects]
            put_reference(kind, named, actor_id="test", uow=uow, now=now)
        for name, scopes in KEYS.items():
            uow.accounts.save_key(
                ApiKey(id=name, name=name, key_sha256=hash_of(name), scopes=scopes)
            )
        for login, (name, roles) in PEOPLE.items():
            uow.accounts.save(
                Account(
                    person_id=f"person-{login}",
                    login=login,
                    name=name,
                    password_hash=_password_hash(),
                    roles=roles,
                )
            )
            log_in(login, is_password_right=True, token=login, uow=uow, now=now)


@cache
def _password_hash() -> str:
    return Passwords().hash(PASSWORD)

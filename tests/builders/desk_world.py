"""A whole installation on loopback for screens: the real API, every kind of person, cases to do.

`serving_desk(home)` starts it in this process; a review app or a simulator is pointed at its url.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from fastapi import FastAPI

from data.schemas.items import AnyItem
from data.schemas.reference import Reference
from data.schemas.vocabulary import Role, Scope
from service.api.intake import Intake
from service.api.passwords import Passwords
from service.app import create_app
from service.audit.canonical import canonical
from service.client import CountersignClient
from service.clock import SystemClock, random_token
from service.connectors.reference import Reference as StoredReference
from service.domain.account import Account, ApiKey
from service.home import prepare_home
from service.settings import Settings
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.supervisor import free_port
from service.usecases.people.log_in import hash_of, log_in
from service.usecases.terms.put_reference import put_reference
from tests.builders.api import PASSWORD, raw, use_coin
from tests.builders.databases import settings_over
from tests.fakes.api import served
from tests.fakes.scorer import FakeScorer

PEOPLE: Mapping[str, tuple[str, frozenset[Role]]] = {
    "ana": ("Ana Diaz", frozenset({Role.REVIEWER})),
    "bo": ("Bo Lindqvist", frozenset({Role.REVIEWER})),
    "chen": ("Chen Wei", frozenset({Role.REVIEWER, Role.APPROVER})),
    "carla": ("Carla Moreau", frozenset({Role.APPROVER})),
    "dora": ("Dora Novak", frozenset({Role.AUDITOR})),
    "emil": ("Emil Haddad", frozenset({Role.DATA_SCIENTIST})),
    "olga": ("Olga Brandt", frozenset({Role.OPERATIONS_LEADER})),
    "remi": ("Remi Okafor", frozenset({Role.RESOURCE_MANAGER})),
    "ivo": ("Ivo Horvat", frozenset({Role.INTEGRATION_OWNER})),
    "rosa": ("Rosa Ott", frozenset({Role.ADMIN})),
}
"""One person of each kind, and a second reviewer and approver, by log-in name."""
WORKFLOW_KEY = "workflow-key"


@dataclass(slots=True, kw_only=True)
class DeskWorld:
    """A running API; the session token of a person is `token-<log-in name>`."""

    url: str
    opener: WorkOpener
    settings: Settings
    scorer: FakeScorer | None = None
    app: FastAPI = field(init=False)
    """The application that is served now; another one after a restart."""
    _serving: ExitStack = field(default_factory=ExitStack)
    _clients: dict[str, CountersignClient] = field(default_factory=dict)

    def start(self) -> None:
        """Serve as a process does that was just started."""
        self.app = create_app(self.settings)
        use_coin(self.app, lambda _: 0.999)
        if self.scorer is not None:
            tell_app(self.app, self.scorer)
        self._serving.enter_context(served(self.app, port=self.settings.api_port, lifespan="on"))

    def stop(self) -> None:
        """End the server; what it was asked is finished first."""
        self._serving.close()

    def client(self, login: str) -> CountersignClient:
        """Give a client under a person's session."""
        if login not in self._clients:
            self._clients[login] = CountersignClient(self.url, token=f"token-{login}")
        return self._clients[login]

    def submit(self, items: Sequence[AnyItem]) -> list[str]:
        """Submit items as the workflow does; gives the ids of the cases they opened."""
        key = CountersignClient(self.url, token=WORKFLOW_KEY)
        with key:
            answer = key.assess([raw(item) for item in items], idempotency_key=random_token())
        return [one.case_id for one in answer.results if one.case_id is not None]

    def sign_in_again(self) -> None:
        """Open the sessions anew, after a test that ended them."""
        _open_sessions(self.opener)


@contextmanager
def serving_desk(
    home: Path,
    *,
    reference: Reference,
    review_url: str = "http://127.0.0.1:8411",
    scorer: FakeScorer | None = None,
    **settings: object,
) -> Iterator[DeskWorld]:
    """Serve the API on a free port over a new home; `scorer` takes the place of the models."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    chosen = settings_over(
        home,
        api_port=port,
        public_api_url=url,
        public_review_url=review_url,
        **settings,
    )
    prepare_home(chosen, clock=SystemClock())
    opener = WorkOpener(open_for_writing(chosen.database), canonical=canonical)
    _fill(opener, reference)
    world = DeskWorld(url=url, opener=opener, settings=chosen, scorer=scorer)
    world.start()
    try:
        yield world
    finally:
        for client in world._clients.values():
            client.close()
        world.stop()
        opener.engine.dispose()


def tell_app(app: FastAPI, scorer: FakeScorer) -> None:
    """Put a told scorer in the place of the models."""
    parts = replace(app.state.parts, scorer=scorer)
    app.state.parts, app.state.intake = parts, Intake(parts)


def _fill(opener: WorkOpener, reference: Reference) -> None:
    now, password_hash = SystemClock().now(), Passwords().hash(PASSWORD)
    with opener() as uow:
        for kind, objects in StoredReference.of(reference).collections():
            named = [(one.id, one) for one in objects]
            put_reference(kind, named, actor_id="test", uow=uow, now=now)
        uow.accounts.save_key(
            ApiKey(
                id="workflow",
                name="Workflow",
                key_sha256=hash_of(WORKFLOW_KEY),
                scopes=frozenset({Scope.ASSESS, Scope.READ}),
            )
        )
        for login, (name, roles) in PEOPLE.items():
            uow.accounts.save(
                Account(
                    person_id=f"person-{login}",
                    login=login,
                    name=name,
                    password_hash=password_hash,
                    roles=roles,
                    email=f"{login}@example.org",
                )
            )
    _open_sessions(opener)


def _open_sessions(opener: WorkOpener) -> None:
    now = SystemClock().now()
    with opener() as uow:
        for login in PEOPLE:
            log_in(login, is_password_right=True, token=f"token-{login}", uow=uow, now=now)

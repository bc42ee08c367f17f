"""The API over loopback, with the real log-in, good enough to drive the whole review app."""

# Without postponed annotations: FastAPI reads the local dependency of each router.
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.responses import JSONResponse, Response
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind
from service.api.oidc import oidc_router
from service.client import CountersignClient
from service.wire.access import Me, Problem
from service.wire.audit import AuditPage
from service.wire.cases import (
    CaseDetail,
    CasePage,
    ClaimRequest,
    ClaimResponse,
    DecisionPage,
    DecisionRequest,
    DecisionResponse,
    LeaseRequest,
    LeaseResponse,
    PostingPage,
    QueueSummary,
)
from service.wire.deciding import MoneyPreview, PreviewRequest
from service.wire.operations import Named, OperationsView
from tests.builders.quiet_operations import quiet_operations
from tests.fakes.case_desk import PEOPLE, FakeApi, RefusedError, now

CLIENT_ID, CLIENT_SECRET = "review-app", "review-app-secret"


def build_app(fake: FakeApi, *, base_url: str, redirect_uris: frozenset[str]) -> FastAPI:
    """Serve the fake under the real routes."""
    app = FastAPI()
    app.add_exception_handler(RefusedError, _problem)
    app.include_router(
        oidc_router(
            issuer=f"{base_url}/oidc",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            redirect_uris=redirect_uris,
            door=fake,
            signing_key=ECKey.generate_key("P-256"),
            now=now,
            random_token=lambda: secrets.token_urlsafe(32),
        )
    )
    app.include_router(_identity(fake))
    app.include_router(_queue(fake))
    app.include_router(_reading(fake))
    return app


def _identity(fake: FakeApi) -> APIRouter:
    router, Name = APIRouter(), _name(fake)  # noqa: N806

    @router.get("/v1/me")
    def me(name: Name) -> Me:
        return fake.me(name)

    @router.delete("/v1/session", status_code=204)
    def log_out(authorization: Annotated[str, Header()] = "") -> None:
        fake.sessions.pop(authorization.removeprefix("Bearer "), None)

    return router


def _queue(fake: FakeApi) -> APIRouter:
    router, Name = APIRouter(), _name(fake)  # noqa: N806

    @router.get("/v1/queue")
    def queue(name: Name) -> QueueSummary:
        return fake.summary()

    @router.post("/v1/queue/claim")
    async def claim(request: Request, name: Name) -> ClaimResponse:
        return fake.claim(ClaimRequest.model_validate_json(await request.body()), name=name)

    @router.post("/v1/cases/{case_id}/decision")
    async def decide(
        case_id: str, request: Request, name: Name, idempotency_key: Annotated[str, Header()]
    ) -> DecisionResponse:
        body = DecisionRequest.model_validate_json(await request.body())
        return fake.decide(case_id, body, key=idempotency_key, name=name)

    @router.post("/v1/decisions/preview")
    async def preview(request: Request, name: Name) -> MoneyPreview:
        return fake.preview(PreviewRequest.model_validate_json(await request.body()))

    @router.post("/v1/cases/{case_id}/lease/{step}")
    async def lease(case_id: str, step: str, request: Request, name: Name) -> LeaseResponse:
        token = LeaseRequest.model_validate_json(await request.body()).lease_token
        act = fake.release if step == "release" else fake.extend
        return act(case_id, token, name=name)

    @router.post("/v1/decisions/{decision_id}/undo")
    def undo(decision_id: str, name: Name) -> DecisionResponse:
        return fake.undo(decision_id)

    return router


def _reading(fake: FakeApi) -> APIRouter:
    router, Name = APIRouter(), _name(fake)  # noqa: N806

    @router.get("/v1/cases")
    def cases(
        name: Name,
        status: CaseStatus | None = None,
        code: ExceptionCode | None = None,
        kind: ItemKind | None = None,
        q: str = "",
        cursor: str = "0",
        limit: Annotated[int, Query(le=200)] = 50,
    ) -> CasePage:
        found = [
            case
            for case in (held.detail.case for held in fake.cases.values())
            if (status is None or case.status is status)
            and (code is None or code in case.codes)
            and (kind is None or case.kind is kind)
            and q.lower() in f"{case.id} {case.title} {case.client_name}".lower()
        ]
        end = int(cursor) + limit
        more = str(end) if end < len(found) else None
        return CasePage(cases=tuple(found[int(cursor) : end]), next_cursor=more)

    @router.get("/v1/cases/{case_id}")
    def case(case_id: str, name: Name) -> CaseDetail:
        return fake.find(case_id).detail

    @router.get("/v1/decisions")
    def decisions(name: Name, limit: int = 50) -> DecisionPage:
        mine = PEOPLE[name][0]
        shown = [one for one in reversed(fake.decisions) if one.actor_id == mine]
        return DecisionPage(decisions=tuple(shown[:limit]), next_cursor=None)

    @router.get("/v1/postings")
    def postings(name: Name) -> PostingPage:
        return PostingPage(postings=(), next_cursor=None)

    @router.get("/v1/operations")
    def operations(name: Name) -> OperationsView:
        names = {one.detail.case.client_name for one in fake.cases.values()}
        return quiet_operations(clients=tuple(Named(id=one, name=one) for one in sorted(names)))

    @router.get("/v1/audit/events")
    def audit(name: Name) -> AuditPage:
        return AuditPage(entries=(), next_cursor=None)

    return router


def _name(fake: FakeApi):
    def name(authorization: Annotated[str, Header()] = "") -> str:
        return fake.authenticate(authorization.removeprefix("Bearer "))

    return Annotated[str, Depends(name)]


def _problem(request: Request, error: RefusedError) -> Response:
    problem = Problem(
        type="about:blank",
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=request.url.path,
        remedy=error.remedy or None,
    )
    return JSONResponse(
        problem.model_dump(mode="json"),
        status_code=error.status,
        media_type="application/problem+json",
    )


@contextmanager
def served(
    app: FastAPI, *, port: int, lifespan: Literal["on", "off"] = "off"
) -> Iterator[uvicorn.Server]:
    """Serve on loopback in a thread until the block ends."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan=lifespan)
    server = uvicorn.Server(config)
    ready = threading.Event()
    startup = server.startup

    async def start_and_tell(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets=sockets)
        ready.set()

    server.startup = start_and_tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, name="fake-api", daemon=True)
    thread.start()
    if not ready.wait(timeout=30):
        raise TimeoutError(f"the fake API did not start on port {port}")
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def connected(fake: FakeApi, *, person: str = "ana") -> Iterator[CountersignClient]:
    """Give a client that calls the fake in this process, without a socket."""
    app = build_app(fake, base_url="http://testserver", redirect_uris=frozenset())
    token = fake.open_session(person).token
    with (
        TestClient(app) as http,
        CountersignClient("http://testserver", token=token, transport=http._transport) as client,
    ):
        yield client

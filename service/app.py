"""The API process: `uvicorn service.app:create_app --factory`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from service.api import (
    accounts,
    allocations,
    approvals,
    assessments,
    attachments,
    bills,
    bulk,
    cases,
    contracts,
    decisions,
    evidence,
    exports,
    flows,
    health,
    imports,
    integrations,
    items,
    keys,
    kin,
    known_cases,
    missing_time,
    models,
    my_work,
    notifications,
    operations,
    policies,
    postings,
    proposals,
    quality,
    references,
    sessions,
    subscribers,
    syncs,
    talk,
    trail,
    views,
)
from service.api.access import Reader
from service.api.body_limit import install_body_limit
from service.api.health import install_metrics
from service.api.idempotency import install_idempotency
from service.api.identify import install_identify
from service.api.imports import PATH as IMPORTS_PATH
from service.api.intake import Intake
from service.api.oidc import oidc_router
from service.api.openapi import describe, operation_id
from service.api.problems import install_problems
from service.api.rate_limits import RateLimits, install_in_flight_bound, install_rate_limits
from service.api.versions import install_versions
from service.clock import SystemClock, random_token
from service.home import log_in_secrets, prepare_home
from service.settings import Settings
from service.wiring.api import ApiRuntime, build_api, build_imports
from service.wiring.events import build_events
from service.wiring.outside import build_attachments


def create_app(settings: Settings | None = None) -> FastAPI:
    """Give the application; it starts its parts when the server starts, and stops them with it."""
    settings = settings or Settings()
    clock = SystemClock()
    prepare_home(settings, clock=clock)
    runtime = build_api(settings)
    intake = Intake(runtime.parts)
    uploads = build_imports(settings, runtime.parts, intake)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        runtime.start()
        uploads.start()
        yield
        uploads.stop()
        runtime.stop()

    app = FastAPI(
        title="Countersign",
        summary="Reads every billable item before it is billed.",
        version="1",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=operation_id,
    )
    app.state.parts = runtime.parts
    app.state.intake = intake
    app.state.imports = uploads
    app.state.attachments = build_attachments(settings)
    app.state.events = build_events(settings)
    install_problems(app)
    # Each layer lies around those before it: who calls is known before keys are looked at.
    install_idempotency(app, wait=settings.key_wait)
    install_rate_limits(app, _rate_limits(settings))
    install_identify(app)
    install_body_limit(
        app,
        max_bytes=settings.max_body_bytes,
        by_path={IMPORTS_PATH: settings.import_max_bytes},
    )
    install_in_flight_bound(app, most=settings.max_in_flight)
    install_versions(app)
    install_metrics(app)
    # Allocations come before references, whose ids may hold slashes.
    for module in (
        accounts,
        allocations,
        approvals,
        bills,
        bulk,
        assessments,
        attachments,
        cases,
        contracts,
        decisions,
        evidence,
        exports,
        flows,
        health,
        imports,
        integrations,
        items,
        keys,
        kin,
        known_cases,
        missing_time,
        models,
        my_work,
        notifications,
        operations,
        policies,
        postings,
        proposals,
        quality,
        references,
        sessions,
        subscribers,
        syncs,
        talk,
        trail,
        views,
    ):
        app.include_router(module.router)
    if runtime.parts.provider is None:
        # Where the company's own log-in is set, there is no second way in.
        app.include_router(_own_log_in(settings, runtime))

    @app.get("/openapi.json", include_in_schema=False)
    def get_openapi(actor: Reader) -> dict[str, Any]:
        del actor
        return describe(app)

    return app


def _rate_limits(settings: Settings) -> RateLimits:
    return RateLimits(
        per_person=settings.rate_per_person,
        per_key=settings.rate_per_key,
        per_address=settings.rate_per_address,
    )


def _own_log_in(settings: Settings, runtime: ApiRuntime) -> APIRouter:
    secrets = log_in_secrets(settings)
    return oidc_router(
        issuer=f"{settings.api_url}/oidc",
        client_id=secrets.client_id,
        client_secret=secrets.client_secret,
        redirect_uris=frozenset({f"{settings.review_url}/oauth2callback", settings.review_url}),
        door=runtime.door,
        signing_key=secrets.signing_key,
        now=SystemClock().now,
        random_token=random_token,
    )

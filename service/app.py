"""The API process: `uvicorn service.app:create_app --factory`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from service.api import (
    allocations,
    assessments,
    cases,
    health,
    imports,
    items,
    missing_time,
    proposals,
    references,
    trail,
)
from service.api.access import Reader
from service.api.body_limit import install_body_limit
from service.api.health import install_metrics
from service.api.imports import PATH as IMPORTS_PATH
from service.api.intake import Intake
from service.api.oidc import oidc_router
from service.api.problems import PROBLEM_RESPONSES, install_problems
from service.clock import SystemClock, random_token
from service.home import log_in_secrets, prepare_home
from service.settings import Settings
from service.wiring import build_api, build_imports


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
    )
    app.state.parts = runtime.parts
    app.state.intake = intake
    app.state.imports = uploads
    install_problems(app)
    install_body_limit(
        app,
        max_bytes=settings.max_body_bytes,
        by_path={IMPORTS_PATH: settings.import_max_bytes},
    )
    install_metrics(app)
    # Allocations come before references, whose ids may hold slashes.
    for module in (
        allocations,
        assessments,
        cases,
        health,
        imports,
        items,
        missing_time,
        proposals,
        references,
        trail,
    ):
        app.include_router(module.router, responses=PROBLEM_RESPONSES)
    secrets = log_in_secrets(settings)
    app.include_router(
        oidc_router(
            issuer=f"{settings.api_url}/oidc",
            client_id=secrets.client_id,
            client_secret=secrets.client_secret,
            redirect_uris=frozenset({f"{settings.review_url}/oauth2callback", settings.review_url}),
            log_in=runtime.log_in,
            signing_key=secrets.signing_key,
            now=clock.now,
            random_token=random_token,
        )
    )

    @app.get("/openapi.json", include_in_schema=False)
    def get_openapi(actor: Reader) -> dict[str, Any]:
        del actor
        return app.openapi()

    return app

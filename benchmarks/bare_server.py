"""The peer: the same two boosters behind FastAPI, as a user would put a model on the web.

It reads each item as strictly as we do and predicts, and does nothing else: no terms, no history,
no features, no audit trail, nothing on disk. `uvicorn benchmarks.bare_server:create_app --factory`.
"""

from __future__ import annotations

import json

import lightgbm
import numpy as np
from fastapi import FastAPI, Request, Response

from data.schemas.batch import parse_items
from models.bundle_files import load_bundle
from models.features.catalogue import FEATURE_NAMES
from service.scoring.champion import RECORD
from service.settings import Settings


def create_app() -> FastAPI:
    """Give the application over the champion of COUNTERSIGN_HOME."""
    bundles = Settings().bundles_folder
    bundle_id = str(json.loads((bundles / RECORD).read_text())["bundle"])
    bundle = load_bundle(bundles / bundle_id, expected_id=bundle_id)
    heads: tuple[lightgbm.Booster, ...] = (bundle.violation.booster, bundle.delay.booster)
    app = FastAPI(openapi_url=None)

    @app.get("/readyz")
    async def ready() -> Response:
        return Response()

    @app.post("/v1/assessments")
    async def assess(request: Request) -> Response:
        batch = parse_items(json.loads(await request.body())["items"])
        # Which numbers stand in a row changes little of what the trees cost.
        rows = np.zeros((len(batch.accepted), len(FEATURE_NAMES)))
        found = [np.asarray(head.predict(rows, num_threads=1)).tolist() for head in heads]
        answer = {
            "assessed": len(batch.accepted),
            "unchanged": 0,
            "rejected": len(batch.rejected),
            "results": list(zip(*found, strict=True)),
        }
        return Response(json.dumps(answer), media_type="application/json")

    return app

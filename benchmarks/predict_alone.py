"""The floor: LightGBM's own `Booster.predict` for both heads, on the rows that were served."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import numpy as np

from models.bundle import Bundle
from models.bundle_files import load_bundle
from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES
from service.scoring.champion import RECORD
from service.settings import Settings

ROUNDS = 5
SINGLE_ROWS = 300


def champion_of(settings: Settings) -> Bundle:
    """Load the bundle in force."""
    bundle_id = str(json.loads((settings.bundles_folder / RECORD).read_text())["bundle"])
    return load_bundle(settings.bundles_folder / bundle_id, expected_id=bundle_id)


def served_rows(settings: Settings, *, at_most: int) -> Floats:
    """Read back the vectors that the assessed items had, as the store keeps them."""
    with sqlite3.connect(Path(settings.home) / "countersign.db") as connection:
        bodies = connection.execute("select body from assessment limit ?", (at_most,)).fetchall()
    features = [json.loads(body)["features"] for (body,) in bodies]
    return np.array([[row[name] for name in FEATURE_NAMES] for row in features], dtype=np.float64)


def predict_us(bundle: Bundle, rows: Floats, *, batch: int) -> float:
    """Give the CPU microseconds per row of both heads at a batch size, best of several rounds."""
    table = np.ascontiguousarray(bundle.rows(rows))
    if batch == 1:
        table = table[:SINGLE_ROWS]
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for start in range(0, len(table), batch):
            for head in (bundle.violation, bundle.delay):
                head.booster.predict(table[start : start + batch], num_threads=1)
        best = min(best, time.process_time() - started)
    return best / len(table) * 1e6

"""Small ledgers written as files, with a truth that is known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

START = date(2024, 1, 1)
MAPPING = {
    "title": "Ledger",
    "source": {"file": "ledger.csv"},
    "decided": "issued",
    "columns": {
        "numbers": ["lines"],
        "categories": ["channel"],
        "texts": ["memo"],
        "amount": "amount",
        "dates": ["issued", "due"],
    },
    "entities": [["customer"], []],
    "due": "due",
    "closed": ["paid"],
    "labels": [
        {
            "name": "late",
            "value": {"days": ["due", "paid"]},
            "above": 0,
            "known": {"at": ["paid"]},
        }
    ],
    "targets": [
        {
            "name": "days to pay",
            "value": {"days": ["issued", "paid"]},
            "known": {"at": ["paid"]},
        }
    ],
}


def ledger(count: int = 900, *, seed: int = 3) -> pd.DataFrame:
    """Give invoices of customers who each have a habit, so that their past tells their future."""
    random = np.random.default_rng(seed)
    customer = random.integers(0, 30, count)
    habit = random.normal(0.0, 8.0, 30)[customer]
    issued = np.sort(random.integers(0, 700, count))
    days = np.maximum(np.round(28.0 + habit + random.normal(0, 4, count)), 1).astype(int)
    day = [START + timedelta(days=int(one)) for one in issued]
    return pd.DataFrame(
        {
            "invoice": np.arange(count),
            "customer": [f"c{one}" for one in customer],
            "issued": [one.isoformat() for one in day],
            "due": [(one + timedelta(days=30)).isoformat() for one in day],
            "paid": [
                (one + timedelta(days=int(wait))).isoformat()
                for one, wait in zip(day, days, strict=True)
            ],
            "amount": np.round(random.lognormal(6, 1, count), 2),
            "lines": random.integers(1, 9, count),
            "channel": random.choice(["post", "mail", "portal"], count),
            "memo": random.choice(["work as agreed", "extra hours", "travel"], count),
        }
    )


def write_ledger(folder: Path, frame: pd.DataFrame | None = None) -> Path:
    """Write the ledger into a data folder."""
    (ledger() if frame is None else frame).to_csv(folder / "ledger.csv", index=False)
    return folder


def write_mapping(folder: Path, **changes: object) -> Path:
    """Write the mapping, with some of its parts changed, and give its path."""
    path = folder / "ledger.yaml"
    path.write_text(yaml.safe_dump(MAPPING | changes), encoding="utf-8")
    return path

"""Bundles on disk with their release records, as training leaves them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.bundle import read_manifest
from models.bundle_files import save_bundle
from models.policy import PolicySettings
from tests.builders.bundles import NOW, bundle_files, certificate, provenance

FAR = NOW + timedelta(days=10_000)
EVERY = PolicySettings(cap_reporting_minor=800_000.0, audit_share=1.0)
"""Every cleared item is checked: a test need not wait for a coin."""


def release(bundles: Path, *, record: str, version: int = 1, gate: str = "passed", **fields: Any):
    """Store a bundle that clears everything without a finding, and release it; gives its id.

    `certified_at` sets when its certificate was made.
    """
    bundles.mkdir(parents=True, exist_ok=True)
    certified_at = fields.pop("certified_at", NOW)
    granted = certificate(expires_at=FAR, provenance=provenance(certified_at=certified_at))
    files = bundle_files(**({"certificates": (granted,), "policy": EVERY} | fields))
    save_bundle(files, bundles=bundles)
    manifest = read_manifest(files)
    put_release(
        bundles,
        record=record,
        bundle=manifest.id,
        sha256=dict(manifest.sha256),
        version=version,
        promoted_at=NOW.isoformat(),
        gate=gate,
    )
    return manifest.id


def put_release(bundles: Path, *, record: str, **release_fields: Any) -> None:
    """Write a release record the way training does: whole, by a rename."""
    staged = bundles / f".{record}.part"
    staged.write_text(json.dumps(release_fields))
    staged.replace(bundles / record)

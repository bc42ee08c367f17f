"""Tries a bundle in a process of its own: `python -m models.check_bundle FOLDER EXPECTED_ID`.

LightGBM aborts the process on some damaged trees; here only this process dies of it. Trust the
exit code first: before it dies LightGBM may print anything, even bytes that are no text.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lightgbm.basic import LightGBMError

from models.bundle import BundleError
from models.bundle_files import load_bundle

USAGE = "usage: python -m models.check_bundle FOLDER EXPECTED_ID"
EXPECTED_ARGUMENTS = 2


def check_bundle(folder: Path, *, expected_id: str) -> dict[str, object]:
    """Say whether a bundle loads and reproduces its golden rows, and what is wrong if not."""
    try:
        bundle = load_bundle(folder, expected_id=expected_id)
    except (BundleError, LightGBMError) as error:
        return {"ok": False, "bundle": expected_id, "problem": str(error)}
    return {"ok": True, "bundle": bundle.id, "rules_version": bundle.document.rules_version}


def main(arguments: list[str]) -> int:
    """Print the verdict as one JSON line; 0 if the bundle is sound, 1 if not."""
    if len(arguments) != EXPECTED_ARGUMENTS:
        sys.stderr.write(f"{USAGE}\n")
        return 1
    verdict = check_bundle(Path(arguments[0]), expected_id=arguments[1])
    sys.stdout.write(json.dumps(verdict) + "\n")
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

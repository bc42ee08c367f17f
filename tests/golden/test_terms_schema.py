"""The published schema of terms files is what the code reads, and the samples fit it."""

from __future__ import annotations

import json
from pathlib import Path

from data.schemas.vocabulary import ClauseKind
from service.commands.terms.schema import terms_schema

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "terms.schema.json"


def test_the_published_schema_is_what_the_code_reads():
    assert PUBLISHED.read_text("utf-8") == terms_schema(), (
        "run `countersign terms schema > docs/terms.schema.json` and read the difference"
    )


def test_the_schema_names_every_kind_of_clause():
    schema = json.loads(terms_schema())
    kinds = schema["$defs"]["Clause"]["properties"]["terms"]["discriminator"]["mapping"]
    assert set(kinds) == set(ClauseKind)

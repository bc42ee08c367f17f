"""Drafts of clauses and the document they stand in."""

from __future__ import annotations

import hashlib
from typing import Any

from data.schemas.clauses import WorkingTime
from data.schemas.contracts import ClauseSource
from data.schemas.proposals import ClauseDraft

DOCUMENT = """SERVICE AGREEMENT

1. Ceiling. The total amount invoiced under this Agreement shall not exceed EUR 250,000 unless a
change order signed by both parties raises it.

2. Working time. No person may charge more than ten hours on one calendar day.
\f3. Key personnel. Only the persons named in Annex D may perform and bill services.

4. Governing law. This Agreement is governed by the laws of Austria.
"""
DAY_TEXT = "2. Working time. No person may charge more than ten hours on one calendar day."


def draft(**overrides: Any) -> ClauseDraft:
    """Ten hours a day, as read from the document."""
    start = DOCUMENT.index(DAY_TEXT)
    terms = overrides.get("terms", WorkingTime(max_daily_minutes=600))
    given = {
        "kind": terms.kind if terms is not None else overrides["kind"],
        "terms": terms,
        "text": DAY_TEXT,
        "source": ClauseSource(
            document_sha256=hashlib.sha256(DOCUMENT.encode()).hexdigest(),
            page=1,
            char_start=start,
            char_end=start + len(DAY_TEXT),
        ),
        "confidence": 0.9,
        "proposed_by": "clauses:embedded-test",
    }
    return ClauseDraft(**(given | overrides))

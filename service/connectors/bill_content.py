"""What makes two bills the same: a hash, so that a repeat is told from a different bill."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from service.ports.ledger import Bill, LedgerRefusedError


def content_sha256(bill: Bill) -> str:
    """Give the hash of everything a bill says; equal bills give equal hashes."""
    text = json.dumps(asdict(bill), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def refuse_other_content(bill: Bill, *, ledger: str, document_id: str) -> LedgerRefusedError:
    """Give the error for a token that already stands for another bill."""
    return LedgerRefusedError(
        f"{ledger} already holds document {document_id} under the token {bill.token!r}, with other "
        f"content than this bill over {bill.total_minor} minor units of {bill.currency}; a token "
        "stands for one bill. Post the new content as a new posting, after the old is cancelled"
    )

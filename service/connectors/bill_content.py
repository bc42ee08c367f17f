"""What makes two bills the same: a hash, so that a repeat is told from a different bill."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

from service.domain.bill import Bill, BillingLine
from service.ports.outside_errors import OutsideRefusedError

TOKEN_PREFIX = "CS-"  # noqa: S105 - marks our documents in their reference, no secret


def content_sha256(bill: Bill) -> str:
    """Give the hash of everything a bill says; equal bills give equal hashes.

    A field at its default counts as not there, so a field added later changes no hash.
    """
    said = {**_said(bill), "lines": [_said(line) for line in bill.lines]}
    text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_mark(bill: Bill) -> str:
    """Give the words in a document by which a repeat of this bill is told from another bill."""
    return f"content {content_sha256(bill)}"


def refuse_other_content(bill: Bill, *, ledger: str, document_id: str) -> OutsideRefusedError:
    """Give the error for a token that already stands for another bill."""
    return OutsideRefusedError(
        f"{ledger} already holds document {document_id} under the token {bill.token!r}, with other "
        f"content than this bill over {bill.total_minor} minor units of {bill.currency}; a token "
        "stands for one bill. Post the new content as a new posting, after the old is cancelled"
    )


def _said(record: Bill | BillingLine) -> dict[str, Any]:
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    defaults = {field.name: field.default for field in fields(record)}
    return {name: value for name, value in values.items() if value != defaults[name]}

"""The evidence of one case as a ZIP that is read and checked without us."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.api.amounts import major
from service.ports.audit_book import SignedProofs
from service.ports.screens import StoredEntry
from service.wire.cases import CaseDetail
from service.wire.items import ItemVersions

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
)
OLDEST_IN_A_ZIP = (1980, 1, 1, 0, 0, 0)
README = """Evidence of case {case_id}, drawn up {at} (UTC).

case.html       The case for people; print it from any browser.
case.json       The case, its assessment, the clauses it cites and every decision.
versions.json   Every version of the item as it was received.
audit.jsonl     Every entry of the audit trail about the case and its item, byte for byte, with
                its place in the log and the hashes that lead from it to the signed root. An entry
                whose place is null was written in the last moments and is not signed for yet.
checkpoint.txt  The newest signed head of the log: its name, size, Merkle root and time.
audit_key.pub   The public key of the log.
check.py        A program of about a hundred lines that checks all this with Python alone.

How to check
1. Compare audit_key.pub with the copy you were given when the log was set up. A key that comes
   with the evidence proves nothing by itself.
2. Read check.py, then run: python3 check.py
   It says PROVEN and how many entries, or what does not fit.
3. To check the log as a whole, with every entry and every signed head, run on the server:
   countersign audit verify --public-key audit_key.pub
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a pack is made of."""

    detail: CaseDetail
    versions: ItemVersions
    entries: Sequence[StoredEntry]
    signed: SignedProofs
    taken_by: str
    at: datetime


def evidence_pack(evidence: Evidence) -> bytes:
    """Give the ZIP; the same evidence gives the same bytes."""
    case_id = evidence.detail.case.id
    files = {
        "README.txt": README.format(case_id=case_id, at=_moment(evidence.at)),
        "case.html": _page(evidence),
        "case.json": evidence.detail.model_dump_json(indent=2),
        "versions.json": evidence.versions.model_dump_json(indent=2),
        "audit.jsonl": _entries(evidence.entries, evidence.signed),
        "checkpoint.txt": evidence.signed.checkpoint,
        "audit_key.pub": f"{evidence.signed.public_key}\n",
        "check.py": evidence.signed.check_program,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(f"{case_id}/{name}", date_time=OLDEST_IN_A_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return packed.getvalue()


def _entries(entries: Sequence[StoredEntry], signed: SignedProofs) -> str:
    lines = [
        json.dumps(
            {"index": one.index, "body": one.body, "proof": _proof(one, signed)},
            ensure_ascii=False,
        )
        for one in entries
    ]
    return "".join(f"{line}\n" for line in lines)


def _proof(entry: StoredEntry, signed: SignedProofs) -> list[str] | None:
    path = None if entry.index is None else signed.proofs.get(entry.index)
    return None if path is None else [base64.b64encode(one).decode() for one in path]


def _page(evidence: Evidence) -> str:
    detail = evidence.detail
    currency = detail.case.currency
    return _TEMPLATES.get_template("evidence.html.jinja").render(
        case=detail.case,
        assessment=detail.assessment,
        clauses=detail.clauses,
        amount=_money(detail.case.amount_minor, currency),
        submitted_at=_moment(detail.item.submitted_at),
        decisions=[
            {
                "view": one,
                "at": _moment(one.decided_at),
                "billed": _money(one.approved_minor, one.currency),
            }
            for one in detail.decisions
        ],
        entries=[_told(one) for one in evidence.entries],
        proven=len(evidence.signed.proofs),
        size=evidence.signed.size,
        taken_by=evidence.taken_by,
        at=_moment(evidence.at),
    )


def _told(entry: StoredEntry) -> Mapping[str, Any]:
    body = json.loads(entry.body)
    facts = body.get("facts", {})
    return {
        "index": entry.index,
        "at": _moment(datetime.fromisoformat(body["at"])),
        "event": body["event"],
        "actor": body["actor"],
        "subject": body["subject"],
        "facts": json.dumps(facts, ensure_ascii=False) if facts else "",
    }


def _money(minor: int, currency: str) -> str:
    return f"{major(minor, currency):,} {currency}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"

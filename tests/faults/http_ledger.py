"""A ledger over HTTP that takes every write it is sent: it knows no unique token, as Tryton."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx2

from service.connectors.outside_http import OutsideHttp
from service.domain.bill import Bill
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import OutsideAmbiguousError, OutsideTransientError

PATIENCE_SECONDS = 0.6


@dataclass(slots=True)
class LedgerServer:
    """Keeps documents in memory: GET /documents?token=, POST /documents, GET /all."""

    documents: list[dict[str, Any]] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call and end the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split("\r\n")[0].split(" ")
        sizes = [line for line in head.lower().split("\r\n") if line.startswith("content-length:")]
        body = await reader.readexactly(int(sizes[0].split(":")[1])) if sizes else b""
        content = json.dumps(self._told(method, path, body)).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
        )
        await writer.drain()
        writer.close()

    def _told(self, method: str, path: str, body: bytes) -> Any:
        if path == "/all":
            return self.documents
        if method == "GET":
            token = path.rpartition("=")[2]
            return [one for one in self.documents if one["token"] == token]
        document = json.loads(body) | {"id": f"H-{len(self.documents) + 1}"}
        self.documents.append(document)
        return document


class HttpLedger:
    """Speaks to such a ledger as our connectors do; it looks nothing up by itself."""

    name = "http"

    def __init__(self, url: str) -> None:
        self._http = OutsideHttp(
            client=httpx2.Client(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False),
            system="The ledger",
            check="its address",
            decode=json.loads,
            words=lambda _told: None,
        )

    def close(self) -> None:
        self._http.client.close()

    def find_by_token(self, token: str) -> Receipt | None:
        found = self._http.read("GET", "/documents", parameters=[("token", token)]).body
        if not isinstance(found, list) or any(one["token"] != token for one in found):
            raise OutsideTransientError("the ledger answered another question")
        return _receipt(found[0]) if found else None

    def create_draft(self, bill: Bill) -> Receipt:
        content = json.dumps(
            {"token": bill.token, "item": bill.item_id, "total_minor": bill.total_minor}
        )
        told = self._http.write("POST", "/documents", content=content).body
        if not isinstance(told, dict) or told.get("token") != bill.token:
            raise OutsideAmbiguousError("the ledger answered another question")
        return _receipt(told)

    def post(self, document_id: str) -> Receipt:
        raise NotImplementedError(document_id)

    def read_state(self, document_id: str) -> str:
        raise NotImplementedError(document_id)

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        raise NotImplementedError(document_id)


def _receipt(told: dict[str, Any]) -> Receipt:
    return Receipt(
        token=told["token"],
        document_id=told["id"],
        state="draft",
        total_minor=told["total_minor"],
    )

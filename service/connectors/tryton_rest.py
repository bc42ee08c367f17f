"""The REST interface of Tryton 8: one call each, every failure classed as transient or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from service.connectors.tryton_wire import Values, decoded, encoded, header_text
from service.ports.ledger import LedgerRefusedError, LedgerTransientError

TIMEOUT_SECONDS = 60.0
SHOWN_TEXT_LENGTH = 400
WAIT_WITHOUT_CLOCK_SECONDS = 60.0
"""The wait when the server names a date to come back at but does not say what time it has."""

# Tryton answers 500 with an HTML page for what its code did not foresee; it says nothing of whether
# the write was kept. 503 is its own word for a lock it did not get.
TRANSIENT_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})

Domain = Sequence[object]
Order = Sequence[tuple[str, str]]


class TrytonRest:
    """A connection to one Tryton database with the key of a REST user application.

    Every call raises LedgerTransientError (no answer, or a lock) or LedgerRefusedError (the server
    says no, and why). Keys and bodies never stand in an error text.
    """

    def __init__(
        self,
        *,
        base_url: str,
        database: str,
        api_key: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Prepare the connection; nothing is sent yet."""
        self._client = httpx2.Client(
            base_url=f"{base_url.rstrip('/')}/{database}/rest/model/",
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=timeout_seconds,
            follow_redirects=False,  # a redirect would hand the key to another address
            trust_env=False,
            transport=transport,
        )

    def search(
        self,
        model: str,
        *,
        fields: Sequence[str],
        domain: Domain = (),
        order: Order = (("id", "ASC"),),
        limit: int,
    ) -> list[Values]:
        """Give at most `limit` records; the server may give fewer than there are."""
        parameters = [
            ("d", header_text(list(domain))),
            ("o", header_text([list(one) for one in order])),
            ("s", str(limit)),
            *_field_parameters(fields),
        ]
        found = self._call("GET", model, parameters=parameters)
        if not isinstance(found, list):
            raise LedgerTransientError(f"Tryton answered a search of {model} with no list")
        return found

    def read(self, model: str, record_id: int, *, fields: Sequence[str]) -> Values:
        """Give one record; an unknown id is refused."""
        return self._record("GET", f"{model}/{record_id}", fields=fields)

    def create(
        self,
        model: str,
        values: Mapping[str, object],
        *,
        fields: Sequence[str],
        context: Mapping[str, object],
    ) -> Values:
        """Create one record and read it back. After a transient error it may exist: look it up."""
        return self._record("POST", model, fields=fields, values=values, context=context)

    def update(
        self, model: str, record_id: int, values: Mapping[str, object], *, fields: Sequence[str]
    ) -> Values:
        """Change one record and read it back; there is no optimistic lock in this interface."""
        return self._record("PUT", f"{model}/{record_id}", fields=fields, values=values)

    def press(self, model: str, record_id: int, button: str, *, fields: Sequence[str]) -> Values:
        """Press a button of a record and read the record back."""
        return self._record("POST", f"{model}/{record_id}/{button}", fields=fields, values={})

    def delete(self, model: str, record_id: int) -> None:
        """Delete one record."""
        self._call("DELETE", f"{model}/{record_id}")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _record(
        self,
        method: str,
        path: str,
        *,
        fields: Sequence[str],
        values: Mapping[str, object] | None = None,
        context: Mapping[str, object] | None = None,
    ) -> Values:
        record = self._call(
            method, path, parameters=_field_parameters(fields), values=values, context=context
        )
        if not isinstance(record, dict):
            raise LedgerTransientError(f"Tryton answered {method} {path} with no record")
        return record

    def _call(
        self,
        method: str,
        path: str,
        *,
        parameters: Sequence[tuple[str, str]] = (),
        values: Mapping[str, object] | None = None,
        context: Mapping[str, object] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON document
        headers = {"X-Tryton-Context": header_text(context)} if context else {}
        if values is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._client.request(
                method,
                path,
                params=list(parameters),
                content=None if values is None else encoded(values),
                headers=headers,
            )
        except httpx2.RequestError as error:
            doubt = "" if method == "GET" else "; whether a write was kept is not known"
            raise LedgerTransientError(
                f"Tryton did not answer {method} {path}: {type(error).__name__} {error}{doubt}; "
                "check that it runs and that COUNTERSIGN_TRYTON_URL is its address"
            ) from error
        return _content(response, what=f"{method} {path}")


def _field_parameters(fields: Sequence[str]) -> list[tuple[str, str]]:
    return [("f", field) for field in fields]


def _content(response: httpx2.Response, *, what: str) -> Any:  # noqa: ANN401 - any JSON document
    if response.status_code in TRANSIENT_STATUS:
        raise LedgerTransientError(
            f"Tryton could not do {what} now: HTTP {response.status_code}: {_said(response)}",
            retry_after_seconds=_retry_after_seconds(response),
        )
    if not response.is_success:
        raise LedgerRefusedError(
            f"Tryton refuses {what}: HTTP {response.status_code}: {_said(response)}"
            f"{_REMEDIES.get(response.status_code, '')}"
        )
    if not response.content:
        return None
    try:
        return decoded(response.text)
    except ValueError as error:
        raise LedgerTransientError(
            f"Tryton answered {what} with something that cannot be read: {error}"
        ) from error


_REMEDIES = {
    401: "; check that the REST key is right and validated (res.user.application)",
    403: "; give the user of the REST key the groups it needs",
    404: "; check the database name, and whether the record was deleted",
}


def _said(response: httpx2.Response) -> str:
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            told = decoded(response.text)
        except ValueError:
            told = None
        if isinstance(told, dict) and "message" in told:
            parts = (told["message"], told.get("description"))
            return " ".join(str(part) for part in parts if part)[:SHOWN_TEXT_LENGTH]
    words = re.sub(r"<[^>]*>", " ", response.text)
    return " ".join(words.split())[:SHOWN_TEXT_LENGTH] or "no text"


def _retry_after_seconds(response: httpx2.Response) -> float | None:
    told = response.headers.get("retry-after", "").strip()
    if not told:
        return None
    if told.isdigit():
        return float(told)
    try:
        # The server's own Date stands in for a clock: the wait is the span between its two times.
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(response.headers["date"])
    except (ValueError, KeyError, TypeError):
        return WAIT_WITHOUT_CLOCK_SECONDS
    return max(0.0, wait.total_seconds())

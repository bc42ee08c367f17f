"""The REST interface of Tryton 8: one call each, every failure classed as transient or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from service.connectors.outside_http import JSON_BODY, OutsideHttp, outside_client
from service.connectors.tryton_wire import Values, decoded, encoded, header_text
from service.ports.outside_errors import OutsideAmbiguousError, OutsideTransientError

TIMEOUT_SECONDS = 60.0


Domain = Sequence[object]
Order = Sequence[tuple[str, str]]


class TrytonRest:
    """A connection to one Tryton database with the key of a REST user application.

    Calls raise as OutsideHttp does. Tryton answers 500 with a page for what its code did not
    foresee, which says nothing of whether a write was kept, and 503 for a lock it did not get.
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
        client = outside_client(
            f"{base_url.rstrip('/')}/{database}/rest/model/",
            headers={"Authorization": f"Bearer {api_key}"},
            timeout_seconds=timeout_seconds,
            transport=transport,
        )
        self._http = OutsideHttp(
            client=client,
            system="Tryton",
            check="that COUNTERSIGN_TRYTON_URL is its address",
            decode=decoded,
            words=_words,
            remedies=_REMEDIES,
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
        found = self._http.read("GET", model, parameters=parameters).body
        if not isinstance(found, list):
            raise OutsideTransientError(f"Tryton answered a search of {model} with no list")
        return found

    def read(self, model: str, record_id: int, *, fields: Sequence[str]) -> Values:
        """Give one record; an unknown id is refused."""
        path = f"{model}/{record_id}"
        found = self._http.read("GET", path, parameters=_field_parameters(fields)).body
        if not isinstance(found, dict):
            raise OutsideTransientError(f"Tryton answered GET {path} with no record")
        return found

    def create(
        self,
        model: str,
        values: Mapping[str, object],
        *,
        fields: Sequence[str],
        context: Mapping[str, object],
    ) -> Values:
        """Create one record and read it back. After an ambiguous error look whether it exists."""
        return self._written("POST", model, fields=fields, values=values, context=context)

    def update(
        self, model: str, record_id: int, values: Mapping[str, object], *, fields: Sequence[str]
    ) -> Values:
        """Change one record and read it back; there is no optimistic lock in this interface."""
        return self._written("PUT", f"{model}/{record_id}", fields=fields, values=values)

    def press(self, model: str, record_id: int, button: str) -> None:
        """Press a button of a record; what it did is read afterwards."""
        self._http.write(
            "POST", f"{model}/{record_id}/{button}", content=encoded({}), headers=JSON_BODY
        )

    def delete(self, model: str, record_id: int) -> None:
        """Delete one record."""
        self._http.write("DELETE", f"{model}/{record_id}")

    def close(self) -> None:
        """Let go of the connections."""
        self._http.client.close()

    def _written(
        self,
        method: str,
        path: str,
        *,
        fields: Sequence[str],
        values: Mapping[str, object],
        context: Mapping[str, object] | None = None,
    ) -> Values:
        record = self._http.write(
            method,
            path,
            parameters=_field_parameters(fields),
            content=encoded(values),
            headers=JSON_BODY | ({"X-Tryton-Context": header_text(context)} if context else {}),
        ).body
        if not isinstance(record, dict):
            raise OutsideAmbiguousError(f"Tryton answered {method} {path} with no record")
        return record


def _field_parameters(fields: Sequence[str]) -> list[tuple[str, str]]:
    return [("f", field) for field in fields]


_REMEDIES = {
    401: "; check that the REST key is right and validated (res.user.application)",
    403: "; give the user of the REST key the groups it needs",
    404: "; check the database name, and whether the record was deleted",
}


def _words(told: Any) -> str | None:  # noqa: ANN401 - any JSON document
    if not isinstance(told, dict) or "message" not in told:
        return None
    parts = (told["message"], told.get("description"))
    return " ".join(str(part) for part in parts if part)

"""Odoo 19 over JSON-2: one call each, every one a transaction of its own there.

From: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from service.connectors.outside_http import JSON_BODY, OutsideHttp, exact_json, outside_client
from service.ports.outside_errors import OutsideAmbiguousError, OutsideTransientError

TIMEOUT_SECONDS = 60.0
_REMEDIES = {
    401: "; check COUNTERSIGN_ODOO_KEY, and that the key has not expired",
    403: "; give the user of the key the rights it needs in Odoo",
    404: "; check COUNTERSIGN_ODOO_DATABASE, and that the app of this model is installed",
}

Values = dict[str, Any]


class OdooRpc:
    """A connection to one Odoo database with a user's API key. Calls raise as OutsideHttp does.

    An error of Odoo brings the trace of its own code along, which is never shown.
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
        named = {"X-Odoo-Database": database} if database else {}
        client = outside_client(
            f"{base_url.rstrip('/')}/json/2/",
            headers={"Authorization": f"bearer {api_key}", **named},
            timeout_seconds=timeout_seconds,
            transport=transport,
        )
        self._http = OutsideHttp(
            client=client,
            system="Odoo",
            check="that COUNTERSIGN_ODOO_URL is its address",
            decode=exact_json,
            words=_words,
            remedies=_REMEDIES,
        )

    def search(
        self,
        model: str,
        *,
        domain: Sequence[object],
        fields: Sequence[str],
        order: str = "id",
        limit: int,
        offset: int = 0,
    ) -> list[Values]:
        """Give at most `limit` records; no field that is empty is told from one that is false."""
        found = self._read(
            model,
            "search_read",
            {
                "domain": list(domain), "fields": list(fields), "order": order,
                "limit": limit, "offset": offset,
            },
        )  # fmt: skip
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise OutsideTransientError(f"Odoo answered a search of {model} with no records")
        return found

    def create(self, model: str, values: Mapping[str, object]) -> int:
        """Create one record and give its id."""
        made = self._write(model, "create", {"vals_list": [values]})
        if not (isinstance(made, list) and len(made) == 1 and isinstance(made[0], int)):
            raise OutsideAmbiguousError(f"Odoo answered the creation of a {model} with no id")
        return made[0]

    def change(self, model: str, ids: Sequence[int], values: Mapping[str, object]) -> None:
        """Change records; the last write wins, as Odoo has no optimistic lock."""
        self._write(model, "write", {"ids": list(ids), "vals": values})

    def press(self, model: str, ids: Sequence[int], button: str) -> None:
        """Call a button of records; what it did is read afterwards."""
        self._write(model, button, {"ids": list(ids)})

    def close(self) -> None:
        """Let go of the connections."""
        self._http.client.close()

    def _read(self, model: str, method: str, arguments: Mapping[str, object]) -> Any:  # noqa: ANN401 - any JSON
        return self._http.read(
            "POST", f"{model}/{method}", content=json.dumps(arguments), headers=JSON_BODY
        ).body

    def _write(self, model: str, method: str, arguments: Mapping[str, object]) -> Any:  # noqa: ANN401 - any JSON
        return self._http.write(
            "POST", f"{model}/{method}", content=json.dumps(arguments), headers=JSON_BODY
        ).body


def _words(body: object) -> str:
    """Give the message and nothing else: `debug` holds a trace of Odoo's code."""
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or "it says nothing more")

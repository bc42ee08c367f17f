"""The REST interface of Redmine 5 and 6: whole lists by their total count, and single records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from service.connectors.outside_http import JSON_BODY, OutsideHttp, exact_json, outside_client
from service.ports.outside_errors import OutsideMissingError, OutsideTransientError

TIMEOUT_SECONDS = 60.0
PAGE_ROWS = 100
"""The most Redmine gives in one answer; it caps what is asked without a word."""
READS_OF_ONE_LIST = 3
"""A list that grows while it is read comes with rows twice, and is read again."""

Values = dict[str, Any]
"""A record as Redmine gives it, fractions as Decimal."""
Parameters = Sequence[tuple[str, str]]

_REMEDIES = {
    401: "; check COUNTERSIGN_REDMINE_KEY, and that the REST interface is switched on "
    "(Administration, Settings, API)",
    403: "; the key must be an administrator's, as only those may list users",
    404: "; check the address, and whether the project was archived",
}


class RedmineRest:
    """A connection to one Redmine with the API key of a user. Calls raise as OutsideHttp does."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        page_rows: int = PAGE_ROWS,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Prepare the connection; nothing is sent yet."""
        client = outside_client(
            f"{base_url.rstrip('/')}/",
            headers={"X-Redmine-API-Key": api_key},
            timeout_seconds=timeout_seconds,
            transport=transport,
        )
        self._page_rows = page_rows
        self._http = OutsideHttp(
            client=client,
            system="Redmine",
            check="that COUNTERSIGN_REDMINE_URL is its address",
            decode=exact_json,
            words=_words,
            remedies=_REMEDIES,
        )

    def every(self, path: str, *, name: str, parameters: Parameters = ()) -> list[Values]:
        """Give all records of a list, each once, in the order Redmine gives them.

        `name` is the member of the answer that holds them.
        """
        for _ in range(READS_OF_ONE_LIST):
            rows, total = self._read_through(path, name=name, parameters=parameters)
            if len(rows) == total:
                return list(rows.values())
        raise OutsideTransientError(
            f"the list {path} of Redmine changed {READS_OF_ONE_LIST} times while it was read; "
            "read it again when less is booked"
        )

    def find(self, path: str, *, name: str) -> Values | None:
        """Give one record, or None where there is none."""
        try:
            found = self._http.read("GET", path).body
        except OutsideMissingError:
            return None
        if not isinstance(found, dict) or not isinstance(found.get(name), dict):
            raise OutsideTransientError(f"Redmine answered GET {path} with no {name!r}")
        record: Values = found[name]
        return record

    def create(self, path: str, values: Mapping[str, object], *, name: str) -> Values:
        """Create one record and give it as it was kept."""
        answer = self._http.write(
            "POST", path, content=json.dumps({name: values}), headers=JSON_BODY
        )
        record: Values = answer.body[name]
        return record

    def update(self, path: str, values: Mapping[str, object], *, name: str) -> None:
        """Change one record; Redmine has no optimistic lock."""
        self._http.write("PUT", path, content=json.dumps({name: values}), headers=JSON_BODY)

    def delete(self, path: str) -> None:
        """Delete one record."""
        self._http.write("DELETE", path)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.client.close()

    def _read_through(
        self, path: str, *, name: str, parameters: Parameters
    ) -> tuple[dict[int, Values], int]:
        rows: dict[int, Values] = {}
        offset = 0
        while True:
            page, total, limit = self._page(path, name=name, parameters=parameters, offset=offset)
            rows |= {row["id"]: row for row in page}
            offset += limit
            if not page or offset >= total:
                return rows, total

    def _page(
        self, path: str, *, name: str, parameters: Parameters, offset: int
    ) -> tuple[list[Values], int, int]:
        asked = [*parameters, ("limit", str(self._page_rows)), ("offset", str(offset))]
        body = self._http.read("GET", path, parameters=asked).body
        if not isinstance(body, dict) or not isinstance(body.get(name), list):
            raise OutsideTransientError(f"Redmine answered GET {path} with no list {name!r}")
        rows: list[Values] = body[name]
        # Its own limit counts, not the one asked for; short lists come whole and name none.
        return rows, int(body.get("total_count", len(rows))), int(body.get("limit") or len(rows))


def _words(told: Any) -> str | None:  # noqa: ANN401 - any JSON document
    if not isinstance(told, dict) or not isinstance(told.get("errors"), list):
        return None
    return "; ".join(str(one) for one in told["errors"])

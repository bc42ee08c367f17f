"""Requests of a connection: to its base address alone, with its secrets, answers read exactly."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2

from service.connectors.outside_connection import outside_transport
from service.connectors.outside_http import (
    JSON_BODY,
    Answer,
    OutsideHttp,
    exact_json,
    outside_client,
)
from service.connectors.rest_auth import OAuth, SecretFiles, headers_of
from service.connectors.rest_file import Connection, label_of, only_host
from service.connectors.rest_ledger_file import Call
from service.connectors.rest_paths import at, text_of
from service.connectors.rest_template import Values, filled_body, filled_path, filled_text
from service.ports.outside_errors import OutsideRefusedError

_REMEDIES = {
    401: "; check the secret, and `auth` in the connection file",
    403: "; give the user of the secret the rights it needs there",
    404: "; check `base_url` and `path` in its file, and whether the record still exists",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSystem:
    """The system of one connection file. Calls raise as OutsideHttp does."""

    connection: Connection
    http: OutsideHttp

    def read(self, call: Call, *, values: Values) -> Any:  # noqa: ANN401 - any JSON
        """Ask for something, its blanks filled; give the decoded answer."""
        return self.http.read(
            call.method,
            filled_path(call.path, values=values),
            parameters=_filled(call.query, values),
            content=_content(call.body, values=values),
            headers=_headers(call, values=values),
        ).body

    def write(self, call: Call, *, values: Values, lines: Sequence[Values] = ()) -> Any:  # noqa: ANN401 - any JSON
        """Have something changed; give the decoded answer."""
        return self.http.write(
            call.method,
            filled_path(call.path, values=values),
            parameters=_filled(call.query, values),
            content=_content(call.body, values=values, lines=lines),
            headers=_headers(call, values=values),
        ).body

    def page(
        self, call: Call, *, values: Values, more: Mapping[str, str], link: str | None
    ) -> Answer:
        """Ask for one page: `more` are the parameters of paging, `link` an address to follow."""
        if link is not None:
            path, _, query = self._own(link).partition("?")
            return self.http.read(
                "GET",
                path,
                parameters=parse_qsl(query, keep_blank_values=True),
                headers=_headers(call, values=values),
            )
        is_body = call.body is not None
        body = None if call.body is None else {**call.body, **more}
        return self.http.read(
            call.method,
            filled_path(call.path, values=values),
            parameters=[*_filled(call.query, values), *(() if is_body else more.items())],
            content=_content(body, values=values),
            headers=_headers(call, values=values),
        )

    def close(self) -> None:
        """Let go of the connections."""
        self.http.client.close()

    def _own(self, link: str) -> str:
        """Give a next page's address whole. Raises OutsideRefusedError where it leads elsewhere."""
        base = self.connection.base_url
        whole = urljoin(base, link)
        if _origin(whole) != _origin(base):
            raise OutsideRefusedError(
                f"{label_of(self.connection)} names {_host(whole)} as the place of its next page, "
                f"and only {_host(base)} is ever asked; set `base_url` to where its answers lead"
            )
        return whole


def connect_rest(
    connection: Connection, *, secrets: SecretFiles, transport: httpx2.BaseTransport | None = None
) -> RestSystem:
    """Connect; nothing is sent before the first call. Raises MissingSecretError.

    Redirects are never followed, no proxy of the environment is used, and the address that the
    base address's name stands for is checked and held: a secret goes there and nowhere else.
    """
    auth = connection.auth
    client = outside_client(
        connection.base_url,
        headers={
            "Accept": "application/json",
            **connection.headers,
            **headers_of(auth, secrets=secrets),
        },
        auth=_ClientCredentials(connection, secret=secrets.read(auth.secret))
        if isinstance(auth, OAuth)
        else None,
        timeout_seconds=connection.timeout_seconds,
        transport=transport or outside_transport(only_host(connection.base_url)),
    )
    return RestSystem(
        connection=connection,
        http=OutsideHttp(
            client=client,
            system=label_of(connection),
            check="that `base_url` in its file is its address",
            decode=exact_json,
            words=lambda body: _words(body, path=connection.message),
            remedies=_REMEDIES,
            classes=connection.errors,
        ),
    )


class _ClientCredentials(httpx2.Auth):
    """Fetches a token before the first request, and a new one when it is no longer taken."""

    requires_response_body = True

    def __init__(self, connection: Connection, *, secret: str) -> None:
        self._connection, self._secret = connection, secret
        self._token = ""

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        is_known = bool(self._token)
        if not is_known:
            self._take(_token_of((yield self._asked())))
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx2.codes.UNAUTHORIZED and is_known:
            self._take(_token_of((yield self._asked())))
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _take(self, token: str) -> None:
        if not token:
            raise OutsideRefusedError(
                f"{label_of(self._connection)} gives no token for its client credentials; check "
                "`token_path`, `client_id` and the secret under `auth`"
            )
        self._token = token

    def _asked(self) -> httpx2.Request:
        auth = self._connection.auth
        if not isinstance(auth, OAuth):
            raise TypeError("client credentials need `auth` of the kind oauth")
        scope = {"scope": auth.scope} if auth.scope else {}
        return httpx2.Request(
            "POST",
            urljoin(self._connection.base_url, auth.token_path),
            data={
                "grant_type": "client_credentials",
                "client_id": auth.client_id,
                "client_secret": self._secret,
                **scope,
            },
            headers={"Accept": "application/json"},
        )


def _token_of(answer: httpx2.Response) -> str:
    try:
        return text_of(at(exact_json(answer.text), "access_token")) if answer.is_success else ""
    except ValueError:
        return ""


def _filled(parameters: Mapping[str, str], values: Values) -> list[tuple[str, str]]:
    return [(name, filled_text(one, values=values)) for name, one in parameters.items()]


def _content(
    body: object, *, values: Values, lines: Sequence[Values] = ()
) -> bytes | None:  # fmt: skip
    if body is None:
        return None
    return json.dumps(
        filled_body(body, values=values, lines=lines), ensure_ascii=False, allow_nan=False
    ).encode()


def _headers(call: Call, *, values: Values) -> dict[str, str]:
    own = {name: filled_text(one, values=values) for name, one in call.headers.items()}
    return own if call.body is None else JSON_BODY | own


def _words(body: object, *, path: str | None) -> str | None:
    if path is None:
        return None
    return text_of(at(body, path)) or "it says nothing more"


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}
    return parts.scheme, parts.hostname, parts.port or usual.get(parts.scheme, 0)


def _host(url: str) -> str:
    return urlsplit(url).netloc

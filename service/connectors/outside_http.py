"""HTTP to a system outside: one call each, every failure told by what may be done next."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from service.ports.outside_errors import (
    FailureClass,
    OutsideAmbiguousError,
    OutsideConflictError,
    OutsideMissingError,
    OutsideRefusedError,
    OutsideTransientError,
)

SHOWN_TEXT_LENGTH = 400
WAIT_WITHOUT_CLOCK_SECONDS = 60.0
"""The wait when a server names a date to come back at but does not say what time it has."""

NOT_ACTED_ON = frozenset({408, 425, 429, 503})
"""The server says that it did not do it: it was too busy, or had no lock."""
PERHAPS_ACTED_ON = frozenset({500, 502, 504})
"""The server, or a gateway before it, broke off: a write may have been kept."""
REDIRECTED = "; it points to another address: set that one, as redirects are never followed"
CHANGED_MEANWHILE = frozenset({409, 412})
NOT_THERE = frozenset({404, 410})
JSON_BODY = {"Content-Type": "application/json"}

Decode = Callable[[str], Any]
Words = Callable[[Any], str | None]
"""Gives the words meant for people in a decoded error body, or None where it has none."""


def exact_json(text: str) -> Any:  # noqa: ANN401 - any JSON document
    """Read JSON with every fraction as Decimal, so that money keeps its digits."""
    return json.loads(text, parse_float=Decimal)


def outside_client(
    base_url: str,
    *,
    headers: Mapping[str, str],
    timeout_seconds: float,
    transport: httpx2.BaseTransport | None,
    auth: httpx2.Auth | None = None,
) -> httpx2.Client:
    """Prepare connections that take their secrets to the base address and nowhere else.

    A redirect would hand them to another address, and a proxy of the environment to its owner.
    """
    return httpx2.Client(
        base_url=base_url,
        headers=dict(headers),
        auth=auth,
        timeout=timeout_seconds,
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the system answered; `body` is None where it sent none."""

    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideHttp:
    """Calls over one client. Keys and request bodies never stand in an error text.

    Calls raise OutsideTransientError, OutsideAmbiguousError (writes only), OutsideConflictError or
    OutsideRefusedError.
    """

    client: httpx2.Client
    system: str
    """Its name as its owner knows it."""
    check: str
    """What to check where nobody answers, for example the setting that holds the address."""
    decode: Decode
    words: Words
    remedies: Mapping[int, str] = field(default_factory=dict)
    """What to do about a refusal, by its status."""
    classes: Mapping[int, FailureClass] = field(default_factory=dict)
    """What may be done after a status that this system uses in a way of its own."""

    def read(
        self,
        method: str,
        path: str,
        *,
        parameters: Sequence[tuple[str, str]] = (),
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for something; it changes nothing there, whatever the method is called."""
        return self._call(
            method, path, parameters, content, headers, lost=OutsideTransientError, doubt=""
        )

    def write(
        self,
        method: str,
        path: str,
        *,
        parameters: Sequence[tuple[str, str]] = (),
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Have something changed; after OutsideAmbiguousError it may have been, so look first."""
        doubt = "; whether the write was kept is not known"
        return self._call(
            method, path, parameters, content, headers, lost=OutsideAmbiguousError, doubt=doubt
        )

    def _call(
        self,
        method: str,
        path: str,
        parameters: Sequence[tuple[str, str]],
        content: bytes | str | None,
        headers: Mapping[str, str] | None,
        *,
        lost: type[OutsideTransientError],
        doubt: str,
    ) -> Answer:
        what = f"{method} {path}"
        try:
            response = self.client.request(
                method, path, params=list(parameters), content=content, headers=headers
            )
        except httpx2.RequestError as error:
            never_sent = isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout))
            kind, tail = (OutsideTransientError, "") if never_sent else (lost, doubt)
            raise kind(
                f"{self.system} did not answer {what}: {type(error).__name__} {error}{tail}; "
                f"check that it runs and {self.check}"
            ) from error
        self._refuse_failure(response, what=what, lost=lost, doubt=doubt)
        if not response.content:
            return Answer(body=None, headers=response.headers)
        try:
            return Answer(body=self.decode(response.text), headers=response.headers)
        except ValueError as error:
            raise lost(
                f"{self.system} answered {what} with something that cannot be read: {error}{doubt}"
            ) from error

    def _refuse_failure(
        self, response: httpx2.Response, *, what: str, lost: type[OutsideTransientError], doubt: str
    ) -> None:
        if response.is_success:
            return
        status = response.status_code
        told = f"HTTP {status}: {self._said(response)}"
        wait = retry_after_seconds(response)
        remedy = self.remedies.get(status, REDIRECTED if response.is_redirect else "")
        match self.classes.get(status, _usual_class(status)):
            case FailureClass.TRANSIENT:
                text = f"{self.system} could not do {what} now: {told}"
                raise OutsideTransientError(text, retry_after_seconds=wait)
            case FailureClass.AMBIGUOUS:
                text = f"{self.system} could not do {what} now: {told}{doubt}"
                raise lost(text, retry_after_seconds=wait)
            case FailureClass.CONFLICT:
                raise OutsideConflictError(f"{self.system} refuses {what}: {told}{remedy}")
            case FailureClass.PERMANENT:
                refused = OutsideMissingError if status in NOT_THERE else OutsideRefusedError
                raise refused(f"{self.system} refuses {what}: {told}{remedy}")

    def _said(self, response: httpx2.Response) -> str:
        if response.headers.get("content-type", "").startswith("application/json"):
            try:
                words = self.words(self.decode(response.text))
            except ValueError:
                words = None
            if words:
                return words[:SHOWN_TEXT_LENGTH]
        words = re.sub(r"<[^>]*>", " ", response.text)
        return " ".join(words.split())[:SHOWN_TEXT_LENGTH] or "no text"


def _usual_class(status: int) -> FailureClass:
    if status in NOT_ACTED_ON:
        return FailureClass.TRANSIENT
    if status in PERHAPS_ACTED_ON:
        return FailureClass.AMBIGUOUS
    return FailureClass.CONFLICT if status in CHANGED_MEANWHILE else FailureClass.PERMANENT


def retry_after_seconds(response: httpx2.Response) -> float | None:
    """Give how long the server asks to wait, or None where it does not say.

    Retry-After holds seconds or a date (RFC 9110, 10.2.3).
    """
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

"""What is edited carries a mark of its state: ETag, If-None-Match and If-Match of RFC 9110."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Response

from service.domain.errors import PreconditionFailedError

IfMatch = Annotated[
    str | None, Header(description="The ETag of what is changed; 412 where it is that no more.")
]
IfNoneMatch = Annotated[
    str | None, Header(description="The ETag of what the caller has; 304 where it still is that.")
]


def etag_of(content: bytes | str) -> str:
    """Give the mark of a state: the same state has the same mark in every process."""
    raw = content.encode() if isinstance(content, str) else content
    return f'"{hashlib.sha256(raw).hexdigest()[:32]}"'


def answered_with_etag(content: bytes | str, *, known: str | None) -> Response:
    """Answer JSON with its mark, or with 304 alone where the caller knows it."""
    etag = etag_of(content)
    if known is not None and is_named(etag, known):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    return Response(content, media_type="application/json", headers={"ETag": etag})


def require_match(if_match: str | None, content: bytes | str | None, *, name: str) -> None:
    """Raise PreconditionFailedError unless If-Match names the state that a thing is in now.

    `content` is None for what does not exist; ask in the transaction that changes it.
    """
    if if_match is None:
        return
    if content is None or not is_named(etag_of(content), if_match):
        raise PreconditionFailedError(name)


def is_named(etag: str, listed: str) -> bool:
    """Say whether a header's list names a mark; `*` names every one."""
    named = {one.strip().removeprefix("W/") for one in listed.split(",")}
    return "*" in named or etag in named

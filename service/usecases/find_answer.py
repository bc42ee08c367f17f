"""Find the answer a request was given before, so that repeating it changes nothing."""

from __future__ import annotations

from service.domain.errors import IdempotencyReusedError
from service.ports.stores import UnitOfWork


def find_answer(
    key: str | None, *, owner_id: str, request_sha256: str, uow: UnitOfWork
) -> bytes | None:
    """Give the answer kept under the caller's key, or None for a request that is new.

    Raises IdempotencyReusedError when the key came with another request.
    """
    if key is None:
        return None
    kept = uow.answers.find(owner=owner_id, key=key)
    if kept is None:
        return None
    if kept[0] != request_sha256:
        raise IdempotencyReusedError(key)
    return kept[1]

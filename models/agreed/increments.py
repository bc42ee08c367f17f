"""The billing increment that a client, or else its country, practises on each line."""

from __future__ import annotations

from collections.abc import Iterator

from data.schemas.contracts import Client
from data.schemas.reference import Reference
from models.codes import Codes
from models.spans import lines_of
from models.timeline import ALWAYS, Span


def increments(reference: Reference, *, codes: Codes) -> Iterator[Span]:
    """Give minutes by line, always; nothing for lines where neither client nor region has any."""
    for contract in reference.contracts.values():
        client = reference.clients.get(contract.client_id)
        minutes = None if client is None else _increment_minutes(client, reference)
        if minutes is not None:
            for line in lines_of(contract, None, codes=codes):
                yield Span(line, ALWAYS, None, minutes)


def _increment_minutes(client: Client, reference: Reference) -> int | None:
    if client.practice is not None and client.practice.increment_minutes is not None:
        return client.practice.increment_minutes
    region = reference.regions.get(client.country)
    return None if region is None else region.practice.increment_minutes

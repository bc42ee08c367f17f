"""Send what was mended at its source: `python docs/examples/drain_cases.py MENDED.json`.

The file holds {"items": [...]}: items as they stand in the source system by now. Every page of the
open cases is read; an item that waits in one and was mended goes in again, as a newer version that
takes the place of the older. The address and the key come from COUNTERSIGN_API and COUNTERSIGN_KEY;
the key needs billing:read and billing:write. Run it again as often as you like: the key of each
call is the content that is sent, and what is settled waits no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.schemas.vocabulary import CaseStatus
from service.async_client import AsyncCountersignClient
from service.calls.paging import async_pages, pages
from service.client import CountersignClient
from service.wire.assessments import AssessmentResponse
from service.wire.cases import CaseSummary

AT_ONCE = 4
"""More only wait for each other: one writer takes what comes together."""


def drain_cases(
    client: CountersignClient, mended: Iterable[Mapping[str, Any]], *, page_size: int = 200
) -> dict[str, AssessmentResponse]:
    """Send each mended item that an open case waits for; give the answers by case."""
    # Sending closes cases, and a list is best read to its end before it is changed.
    waiting = [
        case
        for page in pages(client.cases, status=CaseStatus.OPEN, limit=page_size)
        for case in page.cases
    ]
    return {
        case_id: client.assess([item], idempotency_key=key_of(item))
        for case_id, item in matched(waiting, mended)
    }


async def drain_cases_at_once(
    client: AsyncCountersignClient, mended: Iterable[Mapping[str, Any]], *, page_size: int = 200
) -> dict[str, AssessmentResponse]:
    """Do the same with several calls under way."""
    waiting = [
        case
        async for page in async_pages(client.cases, status=CaseStatus.OPEN, limit=page_size)
        for case in page.cases
    ]
    room = asyncio.Semaphore(AT_ONCE)

    async def send(case_id: str, item: Mapping[str, Any]) -> tuple[str, AssessmentResponse]:
        async with room:
            return case_id, await client.assess([item], idempotency_key=key_of(item))

    return dict(await asyncio.gather(*(send(*one) for one in matched(waiting, mended))))


def matched(
    waiting: Iterable[CaseSummary], mended: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Find the case of each mended item; an item is named by its source and its id there."""
    by_item = {f"{one['source']}:{one['external_id']}": one for one in mended}
    for case in waiting:
        if case.item_id in by_item:
            yield case.id, by_item[case.item_id]


def key_of(item: Mapping[str, Any]) -> str:
    """Make the key of what is sent: the same content has the same effect once."""
    content = json.dumps(item, sort_keys=True).encode()
    return f"mended-{hashlib.sha256(content).hexdigest()}"


if __name__ == "__main__":
    address, key = os.environ["COUNTERSIGN_API"], os.environ["COUNTERSIGN_KEY"]
    items = json.loads(Path(sys.argv[1]).read_bytes())["items"]
    with CountersignClient(address, token=key) as c:
        for case_id, answer in drain_cases(c, items).items():
            print(case_id, answer.assessed, answer.unchanged, answer.rejected)

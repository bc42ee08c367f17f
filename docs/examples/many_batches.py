"""Send a large file in batches at once: `python docs/examples/many_batches.py ITEMS.json`.

The address and the key come from COUNTERSIGN_API and COUNTERSIGN_KEY. Where it is stopped in the
middle it is run again: batches that were taken are answered as before.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from service.async_client import AsyncCountersignClient
from service.wire.assessments import AssessmentResponse

BATCH = 200
AT_ONCE = 4
"""More only wait for each other: one writer takes what comes together."""


async def many_batches(
    items: Sequence[Mapping[str, Any]], client: AsyncCountersignClient, *, size: int = BATCH
) -> list[AssessmentResponse]:
    """Have every batch assessed, each under a key made of what it holds."""
    room = asyncio.Semaphore(AT_ONCE)

    async def send(batch: Sequence[Mapping[str, Any]]) -> AssessmentResponse:
        content = json.dumps(batch, sort_keys=True).encode()
        async with room:
            key = f"batch-{hashlib.sha256(content).hexdigest()}"
            return await client.assess(batch, idempotency_key=key)

    starts = range(0, len(items), size)
    return await asyncio.gather(*(send(items[start : start + size]) for start in starts))


async def _main(items: Sequence[Mapping[str, Any]]) -> None:
    address, key = os.environ["COUNTERSIGN_API"], os.environ["COUNTERSIGN_KEY"]
    async with AsyncCountersignClient(address, token=key) as client:
        for answer in await many_batches(items, client):
            print(answer.batch_id, answer.assessed, answer.unchanged, answer.rejected)


if __name__ == "__main__":
    asyncio.run(_main(json.loads(Path(sys.argv[1]).read_bytes())["items"]))

"""Both forms of the typed client, asked in one way."""

from __future__ import annotations

import asyncio

from service.async_client import AsyncCountersignClient
from service.client import CountersignClient

ADDRESS = "http://testserver"


def ask_sync(call, *, token, transport, **more):
    """Open the synchronous client for one call and give its answer."""
    with CountersignClient(ADDRESS, token=token, transport=transport, **more) as client:
        return call(client)


def ask_async(call, *, token, transport, **more):
    """Open the asynchronous one for one call and give its answer."""

    async def run():
        async with AsyncCountersignClient(
            ADDRESS, token=token, transport=transport, **more
        ) as client:
            return await call(client)

    return asyncio.run(run())

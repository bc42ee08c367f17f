"""A ledger over HTTP behind a proxy that goes wrong, as a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys

from tests.faults.fault_proxy import Call, Fault, FaultProxy
from tests.faults.http_ledger import LedgerServer


async def main(share: float, seed: int) -> None:
    """Serve until standard input ends; then tell what happened."""
    dice, met, ways = random.Random(seed), set[str](), itertools.cycle(Fault)

    def choose(call: Call) -> Fault | None:
        """The first write of a share of the bills goes wrong, in every way as often."""
        if call.method != "POST" or call.token in met:
            return None
        met.add(call.token)
        return next(ways) if dice.random() < share else None

    ledger = LedgerServer()
    behind = await asyncio.start_server(ledger.handle, "127.0.0.1", 0)
    proxy = FaultProxy(behind.sockets[0].getsockname()[1], choose)
    front = await asyncio.start_server(proxy.handle, "127.0.0.1", 0)
    sys.stdout.write(f"{front.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    told = {
        "documents": ledger.documents,
        "faults": {fault.value: count for fault, count in proxy.faults.items()},
        "undercut": proxy.undercut,
        "early": proxy.early,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))

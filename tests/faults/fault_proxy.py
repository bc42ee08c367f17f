"""An HTTP proxy that goes wrong in nine ways, before or after the server behind it has acted."""

from __future__ import annotations

import asyncio
import email.utils
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

HOLD_SECONDS = 1.2
"""How long a late answer takes: longer than its client waits."""
RETRY_AFTER_SECONDS = 1
NOTICE_SECONDS = 0.5
"""A call of another bill that comes so soon after a 429 was under way when that was answered."""


class Fault(StrEnum):
    """What goes wrong with a write; the two of 429 are one kind told in two ways."""

    ERROR_BEFORE = "5xx before the commit"
    ERROR_AFTER = "5xx after the commit"
    LIMITED_SECONDS = "429, Retry-After in seconds"
    LIMITED_DATE = "429, Retry-After as a date"
    RESET = "connection reset"
    TIMEOUT_AFTER = "timeout after the commit"
    HALF_BODY = "half a body"
    DUPLICATE_ACK = "duplicate answer"
    LATE_ACK = "late answer"
    WRONG_AMOUNT = "wrong amount back"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    body: bytes
    raw: bytes
    token: str


@dataclass(slots=True)
class FaultProxy:
    """Passes calls on to a port; `choose` says what goes wrong with one, or None."""

    upstream: int
    choose: Callable[[Call], Fault | None]
    faults: Counter[Fault] = field(default_factory=Counter)
    undercut: int = 0
    """Calls for a bill that came before the wait it was told was over."""
    early: int = 0
    """Calls for other bills in somebody's wait, without those under way when it began."""
    _not_before: dict[str, float] = field(default_factory=dict)
    _waits: list[tuple[float, float]] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        try:
            while (call := await _read_call(reader)) is not None:
                self._watch(call.token)
                fault = self.choose(call)
                if fault is None:
                    writer.write(await self._passed(call))
                    await writer.drain()
                    continue
                self.faults[fault] += 1
                if not await _WAYS[fault](self, call, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _passed(self, call: Call) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        writer.write(call.raw)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer

    def _watch(self, token: str) -> None:
        now = time.time()
        self.undercut += now < self._not_before.get(token, 0.0)
        self._waits = [one for one in self._waits if one[1] > now]
        self.early += any(begun + NOTICE_SECONDS < now for begun, _ in self._waits)

    async def _limited(self, call: Call, writer: asyncio.StreamWriter, told: str) -> bool:
        now = time.time()
        wait = _seconds_told(told, now)
        self._not_before[call.token] = now + wait
        self._waits.append((now, now + wait))
        date = email.utils.formatdate(now, usegmt=True)
        writer.write(_answer(429, b"{}", f"Retry-After: {told}\r\nDate: {date}\r\n"))
        await writer.drain()
        return True


def _seconds_told(told: str, now: float) -> float:
    if told.isdigit():
        return float(told)
    return email.utils.parsedate_to_datetime(told).timestamp() - now


async def _error_before(_proxy: FaultProxy, _call: Call, writer: asyncio.StreamWriter) -> bool:
    writer.write(_answer(500, b"{}"))
    await writer.drain()
    return True


async def _error_after(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    await proxy._passed(call)
    writer.write(_answer(502, b"<p>gateway gave up</p>"))
    await writer.drain()
    return True


async def _limited_seconds(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    return await proxy._limited(call, writer, str(RETRY_AFTER_SECONDS))


async def _limited_date(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    at = int(time.time()) + RETRY_AFTER_SECONDS + 1
    return await proxy._limited(call, writer, email.utils.formatdate(at, usegmt=True))


async def _reset(_proxy: FaultProxy, _call: Call, writer: asyncio.StreamWriter) -> bool:
    writer.transport.abort()
    return False


async def _timeout_after(proxy: FaultProxy, call: Call, _writer: asyncio.StreamWriter) -> bool:
    await proxy._passed(call)
    await asyncio.sleep(HOLD_SECONDS)
    return False


async def _half_body(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    whole = await proxy._passed(call)
    writer.write(whole[: -len(whole.partition(b"\r\n\r\n")[2]) // 2])
    await writer.drain()
    return False


async def _duplicate_ack(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    whole = await proxy._passed(call)
    writer.write(whole + whole)
    await writer.drain()
    return True


async def _late_ack(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    whole = await proxy._passed(call)
    await asyncio.sleep(HOLD_SECONDS)
    writer.write(whole)
    await writer.drain()
    return False


async def _wrong_amount(proxy: FaultProxy, call: Call, writer: asyncio.StreamWriter) -> bool:
    told = json.loads((await proxy._passed(call)).partition(b"\r\n\r\n")[2])
    told["total_minor"] += 1
    writer.write(_answer(201, json.dumps(told).encode()))
    await writer.drain()
    return True


Way = Callable[[FaultProxy, Call, asyncio.StreamWriter], Awaitable[bool]]
_WAYS: dict[Fault, Way] = {
    Fault.ERROR_BEFORE: _error_before,
    Fault.ERROR_AFTER: _error_after,
    Fault.LIMITED_SECONDS: _limited_seconds,
    Fault.LIMITED_DATE: _limited_date,
    Fault.RESET: _reset,
    Fault.TIMEOUT_AFTER: _timeout_after,
    Fault.HALF_BODY: _half_body,
    Fault.DUPLICATE_ACK: _duplicate_ack,
    Fault.LATE_ACK: _late_ack,
    Fault.WRONG_AMOUNT: _wrong_amount,
}


async def _read_call(reader: asyncio.StreamReader) -> Call | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    token = json.loads(body)["token"] if body else path.rpartition("=")[2]
    return Call(method, path, body, head + body, token)


def _answer(status: int, body: bytes, headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Told\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

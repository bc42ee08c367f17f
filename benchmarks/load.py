"""The load generator, a process of its own so that it takes nothing of the server's interpreter.

`python -m benchmarks.load PORT KEY CLIENTS FILE` sends each line of FILE as one request body and
prints one JSON object with the latencies.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path

TIMEOUT_SECONDS = 120.0


@dataclass(slots=True, kw_only=True)
class Answers:
    """What the clients saw."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    assessed: int = 0
    unchanged: int = 0
    rejected: int = 0


def main(port: int, key: str, clients: int, file: Path) -> None:
    """Send every body once, over as many connections as there are clients, and report."""
    bodies = enumerate(file.read_bytes().splitlines())
    lock, answers, raw = threading.Lock(), Answers(), list[bytes]()
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        running = [
            pool.submit(_client, port, key, file.stem, bodies, lock, answers, raw)
            for _ in range(clients)
        ]
    answers.seconds = time.perf_counter() - started
    for one in running:
        one.result()
    for body in raw:
        counted = json.loads(body)
        answers.assessed += counted["assessed"]
        answers.unchanged += counted["unchanged"]
        answers.rejected += counted["rejected"]
    json.dump(asdict(answers), sys.stdout)


def _client(
    port: int,
    key: str,
    name: str,
    bodies: Iterator[tuple[int, bytes]],
    lock: threading.Lock,
    answers: Answers,
    raw: list[bytes],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    while True:
        with lock:
            number, body = next(bodies, (0, b""))
        if not body:
            return
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{name}-{number}",
        }
        started = time.perf_counter()
        connection.request("POST", "/v1/assessments", body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        took_ms = (time.perf_counter() - started) * 1_000
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"the server answered {answer.status}: {content[:500]!r}")
        with lock:
            answers.latencies_ms.append(took_ms)
            raw.append(content)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))

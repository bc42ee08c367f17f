"""What starting a real system beside the tests takes, whichever it is."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 10


@contextmanager
def prepared_by_one(peer: Path) -> Iterator[None]:
    """Let test processes side by side wait for the first one, which prepares."""
    peer.mkdir(parents=True, exist_ok=True)
    with (peer / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def built_once(peer: Path, content: bytes, build: Callable[[Path], None]) -> Path:
    """Give the folder that `build` fills, built once for each version of what it is made of."""
    template = peer / f"template-{hashlib.sha256(content).hexdigest()[:16]}"
    if not template.exists():
        building = Path(tempfile.mkdtemp(prefix="building-", dir=peer))
        build(building)
        building.rename(template)
    return template


@contextmanager
def ended_after(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a server after the block, by force where it does not listen."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

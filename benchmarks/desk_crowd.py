"""Colleagues at their desks: sessions of the review app over its own websocket, without a browser.

Each reads its case for a while, approves it if that needs no more than a key and else skips it,
and waits until the script has run.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import StorageState
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

COMPONENT = "worktop"
"""The element that carries the case and sends the presses."""
OPEN_SECONDS = 30.0
BIGGEST_MESSAGE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OnScreen:
    """The case before a colleague: its element, and the press that ends it."""

    widget: str
    fragment: str
    stands: str
    action: str


@dataclass(slots=True)
class Colleague:
    """One session: what stands on its screen, and how long its decisions took the server."""

    socket: ClientConnection
    shown: OnScreen | None = None
    presses: int = 0
    kept: dict[str, ForwardMsg] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    def open(self) -> None:
        """Ask for the page, and wait until it stands there."""
        self._ask(ClientState(query_string="", page_name=""))

    def decide(self) -> None:
        """End the case on the screen, and wait until the script has run."""
        shown = self.shown
        if shown is None:
            self.open()
            return
        self.presses += 1
        told = {"action": shown.action, "stands": shown.stands, "number": self.presses}
        state = ClientState(query_string="", fragment_id=shown.fragment)
        state.widget_states.widgets.add(
            id=f"$$STREAMLIT_INTERNAL_KEY_{shown.widget}__events",
            json_trigger_value=json.dumps([{"event": "pressed", "value": told}]),
        )
        started = time.perf_counter()
        self.shown = None
        self._ask(state)
        self.milliseconds.append((time.perf_counter() - started) * 1_000)

    def _ask(self, state: ClientState) -> None:
        state.context_info.timezone, state.context_info.locale = "Europe/Vienna", "en-GB"
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while not self._is_done(self.socket.recv(timeout=OPEN_SECONDS)):
            pass

    def _is_done(self, received: str | bytes) -> bool:
        message = ForwardMsg()
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        if message.WhichOneof("type") == "ref_hash":
            message = self.kept[message.ref_hash]
        elif message.hash:
            self.kept[message.hash] = message
        if message.WhichOneof("type") == "delta":
            self._look_at(message)
        return message.WhichOneof("type") == "script_finished"

    def _look_at(self, message: ForwardMsg) -> None:
        delta = message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        component = delta.new_element.bidi_component
        if not component.component_name.endswith(COMPONENT):
            return
        told = json.loads(component.json)
        if told["now"] is not None:
            self.shown = OnScreen(
                widget=component.id,
                fragment=delta.fragment_id,
                stands=told["now"]["stands"],
                action="approve" if "approve" in told["advances"] else "skip",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """All colleagues together."""

    colleagues: list[Colleague]

    @property
    def milliseconds(self) -> list[float]:
        """How long each decision took the server, sorted."""
        return sorted(one for each in self.colleagues for one in each.milliseconds)


@contextmanager
def crowd(url: str, people: list[StorageState]) -> Iterator[Crowd]:
    """Open a session for each person; they sit there and do nothing."""
    colleagues = []
    for person in people:
        colleague = Colleague(socket=_connected(url, person))
        colleague.open()
        colleagues.append(colleague)
    try:
        yield Crowd(colleagues=colleagues)
    finally:
        for colleague in colleagues:
            colleague.socket.close()


@contextmanager
def at_work(people: Crowd, *, every_seconds: float) -> Iterator[None]:
    """Let every colleague decide a case each so many seconds, one after the other, till the end."""
    stop = threading.Event()

    def work(colleague: Colleague, first_after: float) -> None:
        pause = first_after
        try:
            while not stop.wait(pause):
                colleague.decide()
                pause = every_seconds
        except (ConnectionClosed, TimeoutError):
            return

    count = len(people.colleagues)
    threads = [
        threading.Thread(target=work, args=(one, every_seconds * place / count), daemon=True)
        for place, one in enumerate(people.colleagues, start=1)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=OPEN_SECONDS)


def _connected(url: str, person: StorageState) -> ClientConnection:
    cookies = {one["name"]: one["value"] for one in person["cookies"]}
    return connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit"), Subprotocol(cookies["_streamlit_xsrf"])],
        additional_headers={
            "Cookie": "; ".join(f"{name}={text}" for name, text in cookies.items())
        },
        max_size=BIGGEST_MESSAGE,
        open_timeout=OPEN_SECONDS,
    )

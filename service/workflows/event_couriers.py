"""Brings events to subscribers: each in a thread of its own, so that none waits for another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager

from service.ports.stores import UnitOfWork
from service.usecases.events.deliver_events import Courier, deliver_events
from service.usecases.events.write_events import AT_A_TIME, write_events

MOST_AT_ONCE = 8
"""Subscribers that are sent to at the same time; a delivery mostly waits for the other side."""
LOOK_SECONDS = 1.0
STEPS_PER_LOOK = 40
"""After that many steps through a long trail, what was found is sent before the next."""

_log = logging.getLogger(__name__)


class EventCouriers:
    """Looks every second for what is to be told; one that is idle takes no write lock."""

    def __init__(
        self, courier: Courier, *, read: Callable[[], AbstractContextManager[UnitOfWork]]
    ) -> None:
        self._courier = courier
        self._read = read
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="courier")
        self._under_way: dict[str, Future[int]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="couriers", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more, and let what is being sent end."""
        self._stop.set()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def look(self) -> list[Future[int]]:
        """Make events of what happened, and send each ready subscriber what is due."""
        self._write()
        with self._read() as uow:
            ready = uow.event_deliveries.ready_ids(now=self._courier.now())
        begun = [one for one in ready if self._is_free(one)]
        for subscriber_id in begun:
            self._under_way[subscriber_id] = self._pool.submit(self._deliver, subscriber_id)
        return [self._under_way[one] for one in begun]

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the database may come back; nothing was lost
                _log.exception("Events could not be looked for; it is tried again")

    def _write(self) -> None:
        with self._read() as uow:
            if not uow.events.has_unread():
                return
        for _ in range(STEPS_PER_LOOK):
            with self._courier.open_work() as uow:
                if write_events(uow=uow) < AT_A_TIME:
                    return

    def _deliver(self, subscriber_id: str) -> int:
        arrived = 0
        try:
            # What arrived opens the way for the next event of its case.
            while (count := deliver_events(subscriber_id, courier=self._courier)) > 0:
                arrived += count
                if self._stop.is_set():
                    break
        except Exception:  # noqa: BLE001 - one subscriber must not end the thread of the others
            _log.exception("Events to %s could not be sent; it is tried again", subscriber_id)
        return arrived

    def _is_free(self, subscriber_id: str) -> bool:
        last = self._under_way.get(subscriber_id)
        return last is None or last.done()

"""The worker: posts bills, tells of events, reads sources, carries orders to the models out.

Run it with `python -m service.worker`; further ones beside it with their place: 1, 2 and so on.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading

from sqlalchemy.exc import DBAPIError

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings
from service.wiring.events import build_couriers
from service.wiring.executors import build_executor
from service.wiring.syncs import build_sync_schedule
from service.wiring.worker import build_flows, build_upkeep, build_workshop, training_process
from service.workflows.flows import launch, shut_down

LOOK_SECONDS = 60.0
"""How often is looked whether a retraining is due, or an order lies abandoned."""

_log = logging.getLogger(__name__)


def main(place: str = "0") -> None:
    """Work until told to stop."""
    settings = Settings()
    prepare_home(settings, clock=SystemClock())
    executor = build_executor(settings, place=place)
    executor.enter()
    training = training_process(settings)
    workshop = build_workshop(settings, training=training)
    launch(
        build_flows(settings, workshop=workshop),
        database_url=settings.database,
        executor_id=executor.name,
    )
    executor.start()
    keep_up = build_upkeep(settings, workshop=workshop)
    couriers = build_couriers(settings, name=executor.name)
    couriers.start()
    syncs = build_sync_schedule(settings, is_leader=executor.is_leader)
    syncs.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        if executor.is_leader():
            try:
                keep_up()
            except DBAPIError as error:
                _log.warning("The database does not answer; the next look comes soon: %s", error)
        stop.wait(LOOK_SECONDS)
    syncs.stop()
    couriers.stop()
    training.stop()
    shut_down()
    executor.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

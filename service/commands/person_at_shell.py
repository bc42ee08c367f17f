"""A person at the shell who proves who they are, as they do in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.api.passwords import Passwords
from service.clock import SystemClock, random_token
from service.domain.actor import Actor
from service.domain.errors import LogInRefusedError, NotSignedInError
from service.store.unit_of_work import WorkOpener
from service.usecases.people.log_in import (
    OwnPasswordNeeded,
    authenticate,
    check_password,
    log_in,
    log_out,
)


@contextmanager
def person_at_shell(login: str, *, password: str, work: WorkOpener) -> Iterator[Actor]:
    """Log a person in for one command: a wrong password counts as it does in a browser."""
    with work() as uow:
        is_right = check_password(login, password, verify=Passwords().verify, uow=uow)
    token, now = random_token(), SystemClock().now()
    with work() as uow:
        outcome = log_in(
            login, is_password_right=is_right, token=token, uow=uow, now=now, device="command line"
        )
    if isinstance(outcome, LogInRefusedError):
        raise outcome
    if isinstance(outcome, OwnPasswordNeeded):
        raise NotSignedInError("Log in to the review app once and choose your own password.")
    with work() as uow:
        actor = authenticate(token, uow=uow, now=now)
    try:
        yield actor
    finally:
        with work() as uow:
            log_out(actor, uow=uow, now=SystemClock().now())

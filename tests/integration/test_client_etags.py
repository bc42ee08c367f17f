"""Programs change what they saw: both clients hand ETags on, and a 412 says what to do."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
import pytest

from service.api.openapi import describe, operations
from service.async_client import AsyncCountersignClient
from service.client import ApiProblem, ApiUnreachableError, CountersignClient
from service.wire.accounts import AccountChange
from service.wire.my_work import AbsenceRequest
from tests.builders.clients import ask_async, ask_sync

KNOWN = {"client": "acme", "contract": "C-1", "person": "ada", "project": "P-1"}
MARK = '"mark"'
AWAY = AbsenceRequest(
    absent_from=datetime(2099, 1, 5, tzinfo=UTC), absent_until=datetime(2099, 1, 9, tzinfo=UTC)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Calls a method of one form of the client as somebody."""

    client: type
    open: Callable
    transport: object

    def __call__(self, who, call, *args, transport=None, **more):
        return self.open(
            lambda client: getattr(client, call)(*args, **more),
            token=who,
            transport=transport or self.transport,
        )


@pytest.fixture(params=["sync", "async"])
def ask(request, told_api):
    """Call a method of a client as somebody."""
    if request.param == "sync":
        transport = told_api.client._transport
        return Asking(client=CountersignClient, open=ask_sync, transport=transport)
    transport = httpx2.ASGITransport(told_api.app)
    return Asking(client=AsyncCountersignClient, open=ask_async, transport=transport)


def _is_refused(ask, *call, **more):
    with pytest.raises(ApiProblem) as refused:
        ask(*call, **more)
    problem = refused.value.problem
    assert (problem.status, problem.type.rpartition(":")[2]) == (412, "precondition-failed")
    assert "Load it again" in problem.remedy


@pytest.mark.parametrize("kind", KNOWN)
def test_of_two_who_saw_the_same_the_second_is_refused_and_changes_nothing(ask, kind):
    see, put = f"see_{kind}", f"put_{kind}"
    seen = ask("full-key", see, KNOWN[kind])
    theirs, mine = (seen.what.model_copy(update={"name": name}) for name in ("Theirs", "Mine"))
    ask("full-key", put, theirs, if_match=seen.etag)
    _is_refused(ask, "full-key", put, mine, if_match=seen.etag)
    again = ask("full-key", see, KNOWN[kind])
    assert again.what == theirs
    ask("full-key", put, seen.what, if_match=again.etag)
    assert ask("full-key", see, KNOWN[kind]) == seen


def test_access_preferences_and_absence_are_changed_as_they_were_seen(ask):
    seen = ask("adam", "see_account", "person-carl")
    change = AccountChange(name="Carl C.", roles=seen.what.roles)
    ask("adam", "change_account", "person-carl", change, if_match=seen.etag)
    _is_refused(ask, "adam", "change_account", "person-carl", change, if_match=seen.etag)
    ask("adam", "change_account", "person-carl", AccountChange(name="Carl", roles=seen.what.roles))

    me = ask("rita", "see_me")
    chosen = me.what.preferences
    other = chosen.model_copy(update={"hides_summary": not chosen.hides_summary})
    ask("rita", "save_preferences", other, if_match=me.etag)
    _is_refused(ask, "rita", "save_preferences", chosen, if_match=me.etag)
    ask("rita", "save_preferences", chosen)

    there = ask("rita", "see_absence")
    ask("rita", "set_absence", AWAY, if_match=there.etag)
    _is_refused(ask, "rita", "set_absence", AbsenceRequest(), if_match=there.etag)
    assert ask("rita", "set_absence", AbsenceRequest()).absent_until is None


def test_every_change_that_the_api_guards_can_be_guarded_by_a_client(ask, told_api):
    calls = _guarded_calls(ask)
    named = inspect.getmembers(ask.client, inspect.isfunction)
    takes = {name for name, call in named if "if_match" in inspect.signature(call).parameters}
    assert {name for name in takes if not name.startswith("_")} == set(calls)
    met = set()

    def changed(request):
        assert request.headers["if-match"] == MARK
        met.add((request.method.lower(), request.url.path.rpartition("/")[0]))
        return httpx2.Response(412)

    for name, args in calls.items():
        with pytest.raises(ApiProblem) as refused:
            ask("t", name, *args, if_match=MARK, transport=httpx2.MockTransport(changed))
        assert refused.value.problem.status == 412
    guarded = {
        (method, path.replace("{subscriber_id}", "S-1").rpartition("/")[0])
        for path, method, operation in operations(describe(told_api.app))
        if "if-match" in {one.get("name", "").casefold() for one in operation.get("parameters", ())}
    }
    assert met == guarded


def _guarded_calls(ask):
    seen = {kind: ask("full-key", f"see_{kind}", name).what for kind, name in KNOWN.items()}
    return {f"put_{kind}": (one,) for kind, one in seen.items()} | {
        "change_account": ("person-carl", AccountChange(name="Carl", roles=())),
        "save_preferences": (ask("rita", "me").preferences,),
        "set_absence": (AbsenceRequest(),),
        "rotate_subscriber_secret": ("S-1",),
    }


def test_a_change_without_a_mark_says_nothing_of_one(ask):
    def taken(request):
        assert "if-match" not in request.headers
        return httpx2.Response(200, json={"received": 1, "changed": 1})

    acme = ask("full-key", "see_client", "acme").what
    ask("t", "put_client", acme, transport=httpx2.MockTransport(taken))


def test_an_answer_that_lost_its_etag_is_not_taken_for_one_to_change(ask):
    acme = ask("full-key", "see_client", "acme").what
    bare = httpx2.MockTransport(lambda _: httpx2.Response(200, content=acme.model_dump_json()))
    with pytest.raises(ApiUnreachableError, match="no ETag"):
        ask("t", "see_client", "acme", transport=bare)

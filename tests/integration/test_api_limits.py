"""Nobody takes more than their share, and nobody waits where there is no room."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from service.settings import Settings
from tests.builders.api import held_up, running_api, tell
from tests.builders.contracts import reference
from tests.builders.items import timesheet

PERSON, KEY, ADDRESS, AT_ONCE = 12, 8, 6, 3


@pytest.fixture
def narrow_api(tmp_path):
    """An API with little room."""
    with running_api(
        tmp_path, reference=reference(), rate_per_person=PERSON, rate_per_key=KEY,
        rate_per_address=ADDRESS, max_in_flight=AT_ONCE,
    ) as running:  # fmt: skip
        running.scorer = tell(running)
        yield running


def _statuses(api, who, times):
    return [api.call(who, "GET", "/v1/me").status_code for _ in range(times)]


def test_a_person_beyond_their_share_is_told_when_to_come_back(narrow_api):
    assert _statuses(narrow_api, "rita", PERSON) == [200] * PERSON
    refused = narrow_api.call("rita", "GET", "/v1/me")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("too-many-requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"person";r=0;t=')


def test_everybody_has_a_share_of_their_own(narrow_api):
    _statuses(narrow_api, "rita", PERSON + 1)
    assert _statuses(narrow_api, "carl", 1) == [200]
    assert _statuses(narrow_api, "full-key", KEY + 1) == [200] * KEY + [429]
    assert _statuses(narrow_api, "read-key", 1) == [200]


def test_every_answer_tells_what_is_left(narrow_api):
    answer = narrow_api.call("full-key", "GET", "/v1/me")
    assert answer.headers["ratelimit-policy"] == f'"key";q={KEY};w=60'
    assert answer.headers["ratelimit"].startswith(f'"key";r={KEY - 1};t=')


@pytest.mark.parametrize("who", [None, "nonsense"])
def test_whoever_knocks_without_credentials_is_counted_by_address(narrow_api, who):
    assert _statuses(narrow_api, who, ADDRESS + 1) == [401] * ADDRESS + [429]
    assert _statuses(narrow_api, "rita", 1) == [200]


def test_guessing_another_token_each_time_gains_nothing(narrow_api):
    guesses = [_statuses(narrow_api, f"guess-{n}", 1)[0] for n in range(ADDRESS + 2)]
    assert guesses == [401] * ADDRESS + [429] * 2


def test_probes_are_answered_whatever_else_is_refused(narrow_api):
    _statuses(narrow_api, None, ADDRESS + 1)
    assert {narrow_api.client.get("/healthz").status_code for _ in range(20)} == {200}


def test_what_finds_no_room_is_refused_at_once_and_fits_again_afterwards(narrow_api):
    with ThreadPoolExecutor(AT_ONCE + 1) as pool, held_up(narrow_api):
        asked = [
            pool.submit(narrow_api.assess, timesheet(external_id=f"room-{number}"))
            for number in range(AT_ONCE + 1)
        ]
        # While nothing is written only the one that found no room can be answered.
        (over,), waiting = wait(asked, return_when=FIRST_COMPLETED)
        refused = over.result()
        probe = narrow_api.client.get("/readyz")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert refused.json()["type"].endswith("unavailable")
    assert probe.status_code == 200
    assert {one.result().status_code for one in waiting} == {200}
    assert _statuses(narrow_api, "carl", 1) == [200]


def test_people_at_a_desk_are_never_near_the_limit():
    """A page asks for under 30 things; nobody opens more than one page a second for a minute."""
    assert Settings().rate_per_person >= 30 * 60

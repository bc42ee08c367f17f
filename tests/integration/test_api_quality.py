"""How well people judge, over HTTP: who reads it, for which period, and what of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from data.schemas.vocabulary import Lane, Verdict
from service.domain.wall import OPEN_WALL
from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.items import timesheet
from tests.builders.judged_desk import judging

NOW = datetime.now(tz=UTC) - timedelta(hours=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("quality"), reference=reference()) as running:
        with judging(running.opener.engine, at=NOW - timedelta(days=40)) as desk:
            desk.verdict("rita")
            desk.verdict("carl")
        with judging(running.opener.engine, at=NOW) as desk:
            for number in range(20):
                who, verdict = ("rita", "carl")[number % 2], Verdict.REJECT
                desk.verdict(who, verdict, lane=Lane.GOLD, is_faulty=True, client_id="acme")
                desk.verdict(who, lane=Lane.GOLD, is_faulty=True, client_id="rival")
        yield running


def quality(office, *, who="otto", days=90):
    return office.call(who, "GET", f"/v1/quality?days={days}").json()


def test_only_the_period_asked_for_counts(office):
    assert quality(office, days=30)["decisions"] == 40
    assert quality(office, days=60)["decisions"] == 42
    assert office.call("otto", "GET", "/v1/quality?days=0").status_code == 422


def test_the_desk_is_told_to_whoever_watches_over_it(office):
    for who in ("otto", "dora", "adam", "anna"):
        assert quality(office, who=who)["desk"]["caught"]["part"] == 20
    assert quality(office, who="rita")["desk"] is None


def test_a_wall_cuts_the_figures(office):
    with office.opener.engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET wall_clients = '[\"acme\"]' WHERE login = 'dora'")
        )
    told = quality(office, who="dora")["desk"]
    with office.opener.engine.begin() as connection:
        connection.execute(text("UPDATE account SET wall_clients = NULL WHERE login = 'dora'"))

    assert (told["caught"]["part"], told["caught"]["count"]) == (20, 20)
    assert told["cleared"] is None


@pytest.mark.parametrize(("who", "code"), [("full-key", 403), ("read-key", 403), (None, 401)])
def test_no_workflow_reads_how_people_judge(office, who, code):
    assert office.call(who, "GET", "/v1/quality").status_code == code


def test_what_a_person_was_told_is_read_with_the_verdict_they_gave(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        scorer = tell(office)
        sheet = timesheet()
        scorer.says(sheet.item_id, violation_probability=0.7)
        claim = office.claimed(sheet)
        told = claim["detail"]["exposure"]
        if claim["detail"]["must_call_first"]:
            office.call(
                "rita", "POST", f"/v1/cases/{claim['detail']['case']['id']}/own-call",
                json={"lease_token": claim["lease_token"], "verdict": "approve"},
            )  # fmt: skip
        assert office.decide(claim, override_cause="one_off").status_code == 200
        with office.opener() as uow:
            (one,) = uow.quality.judged(since=NOW - timedelta(days=1), wall=OPEN_WALL, most=10)

    assert one.exposure == told
    assert 0 < one.exposure_propensity < 1
    assert (one.doubt, one.model_finds_fault, one.is_override) == (0.7, True, True)

"""Every assessment the API gave comes out the same when it is replayed, whatever came after."""

from __future__ import annotations

import pytest

from data.schemas.clauses import NotToExceed
from service.commands.opened import opened_for_reading
from service.domain.errors import NotFoundError
from service.scoring.coin import load_coin
from service.scoring.replay import replay
from tests.builders.api import running_api
from tests.builders.checking import invoice
from tests.builders.contracts import clauses, contract, reference
from tests.builders.databases import settings_over, without_triggers
from tests.builders.items import milestone, timesheet, week


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def _no_bundle(bundle_id):
    raise AssertionError(f"{bundle_id} was asked for, though rules alone assessed")


def _replay(home, assessment_id):
    settings = settings_over(home)
    with opened_for_reading(settings) as open_work, open_work() as uow:
        coin = load_coin(settings.secrets_folder)
        return replay(assessment_id, uow=uow, bundle_of=_no_bundle, coin=coin)


def _sheet(number, **overrides):
    name = f"TS-{number}"
    return timesheet(external_id=name, entries=week(of=name, **overrides))


def test_what_the_api_said_is_said_again_to_the_byte_whatever_came_after(home):
    # 10,000.00 hold two weeks of 4,800.00 and a little: the third sheet is over.
    tight = contract(clauses=clauses(NotToExceed(limit_minor=10_000_00)))
    wide = contract(clauses=clauses(NotToExceed(limit_minor=90_000_00)))
    said = []
    with running_api(home, reference=reference(tight)) as api:
        for items in ((_sheet(0),), (_sheet(1), _sheet(2), milestone())):
            answer = api.assess(*items).json()
            said += [one["assessment"] for one in answer["results"]]
        # What comes after: other terms, a bill, a corrected version, a deletion.
        api.call("full-key", "PUT", "/v1/contracts/C-1", json=wide.model_dump(mode="json"))
        bill = invoice("TS-0-1").model_dump(mode="json")
        api.call("full-key", "POST", "/v1/invoices", json=[bill])
        corrected = api.assess(_sheet(1, minutes_worked=420)).json()["results"][0]
        said.append(corrected["assessment"])
        api.call("full-key", "DELETE", "/v1/items/test%3ATS-2")
        said.append(api.assess(_sheet(3)).json()["results"][0]["assessment"])
    codes = [{one["code"] for one in each["findings"]} for each in said]
    assert any("not_to_exceed_breach" in each for each in codes[:4])
    assert not any("not_to_exceed_breach" in each for each in codes[4:])
    for one in said:
        found = _replay(home, one["id"])
        assert found.differences == ()
        assert found.again.model_dump(mode="json") == one


def test_a_tampered_assessment_does_not_come_out_the_same(home):
    with running_api(home, reference=reference()) as api:
        one = api.assess(_sheet(0)).json()["results"][0]["assessment"]
        forged = '"risk_minor":4242'
        statement = (
            "UPDATE assessment SET body = replace(body, "
            f"'\"risk_minor\":{one['risk_minor']}', '{forged}')"
        )
        with api.opener.engine.begin() as connection:
            for step in without_triggers("assessment", connection):
                connection.exec_driver_sql(step)
            connection.exec_driver_sql(statement)
    assert _replay(home, one["id"]).differences == ("risk_minor",)


def test_an_assessment_nobody_made_is_not_found(home):
    with running_api(home, reference=reference()):
        pass
    with pytest.raises(NotFoundError, match="asm_none"):
        _replay(home, "asm_none")

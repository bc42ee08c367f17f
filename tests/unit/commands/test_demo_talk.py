"""The demonstration has something to read."""

from __future__ import annotations

import pytest

from service.clock import SystemClock
from service.commands.demo_talk import seed_talk
from tests.builders.contracts import reference
from tests.builders.desk_world import serving_desk
from tests.builders.items import timesheet
from tests.fakes.scorer import FakeScorer


@pytest.mark.enable_socket
def test_colleagues_have_talked_about_the_first_case(tmp_path):
    with serving_desk(tmp_path, reference=reference(), scorer=FakeScorer()) as world:
        ana, carla = world.client("ana"), world.client("carla")
        case_ids = world.submit([timesheet(external_id=f"TS-{n}") for n in range(2)])
        seed_talk(ana, carla, case_ids=case_ids, now=SystemClock().now())
        assert len(ana.comments(case_ids[0]).comments) == 2
        assert [one.name for one in ana.attachments(case_ids[0]).attachments] == [
            "Agreement of the client.eml"
        ]
        assert carla.notifications().unread == 1
        assert not carla.absence().is_absent
        assert [one.name for one in world.client("bo").views().views] == ["Held invoices"]

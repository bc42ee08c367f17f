"""From a mention to the mailbox: the API tells, the worker delivers, once."""

from __future__ import annotations

from email import message_from_string

import pytest

from data.schemas.vocabulary import Channel, NotificationKind
from service.wire.preferences import Preferences
from service.wiring.worker import build_upkeep, build_workshop, training_process
from tests.builders.contracts import reference
from tests.builders.desk_world import serving_desk
from tests.builders.items import timesheet
from tests.fakes.mail import mail_server
from tests.fakes.scorer import FakeScorer

BY_MAIL = Preferences(notify={NotificationKind.MENTIONED: (Channel.IN_APP, Channel.EMAIL)})


@pytest.mark.enable_socket
def test_a_mention_reaches_the_mailbox_once_and_names_neither_client_nor_money(tmp_path):
    with (
        mail_server() as box,
        serving_desk(
            tmp_path,
            reference=reference(),
            scorer=FakeScorer(),
            smtp_host="127.0.0.1",
            smtp_port=box.port,
            smtp_security="none",
            smtp_from="desk@example.org",
        ) as world,
    ):
        world.client("bo").save_preferences(BY_MAIL)
        case_id = world.submit([timesheet()])[0]
        world.client("ana").comment(case_id, text="@bo is Acme right about the 4,800.00?")
        workshop = build_workshop(world.settings, training=training_process(world.settings))
        keep_up = build_upkeep(world.settings, workshop=workshop)
        keep_up()
        keep_up()
    (mail,) = [message_from_string(one) for one in box.mails]
    assert mail["To"] == "bo@example.org"
    words = f"{mail['Subject']} {mail.get_payload()}"
    assert f"{world.settings.review_url}/case?case={case_id}" in words
    assert "Acme" not in words
    assert "4,800" not in words

"""E-mail: plain, short, with a link, and nothing of a client or of money."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_string

import pytest

from service.connectors.mail import MailServer
from service.ports.messenger import NotDeliveredError
from service.supervisor import free_port
from tests.fakes.mail import mail_server
from tests.unit.connectors.test_webhook import MESSAGE, NOW

pytestmark = pytest.mark.enable_socket


def server(port):
    return MailServer(
        host="127.0.0.1", port=port, security="none", user="", password="",
        sender="countersign@example.org",
    )  # fmt: skip


def test_a_mail_says_what_waits_and_where():
    with mail_server() as box:
        server(box.port).send(MESSAGE, now=NOW)
    mail = message_from_string(box.mails[0])
    assert mail["To"] == "bo@example.org"
    assert mail["Subject"] == "Countersign: Ana mentioned you on case C-000001."
    assert mail["Message-ID"] == "<ntf-1-webhook@example.org>"
    assert MESSAGE.link in mail.get_payload()


def test_a_line_break_in_a_name_adds_no_header():
    with mail_server() as box:
        hostile = replace(MESSAGE, text="Ana\r\nBcc: everybody@example.org\r\n mentioned you")
        server(box.port).send(hostile, now=NOW)
    assert message_from_string(box.mails[0])["Bcc"] is None


@pytest.mark.parametrize(
    ("answer", "is_final"), [("550 no such mailbox", True), ("450 busy", False)]
)
def test_a_refused_recipient_is_told_and_a_missing_one_ends_it(answer, is_final):
    with mail_server() as box:
        box.refusal = answer
        with pytest.raises(NotDeliveredError, match=answer[:3]) as caught:
            server(box.port).send(MESSAGE, now=NOW)
    assert caught.value.is_final is is_final


@pytest.mark.parametrize("address", ["b\r\nBcc: x@example.org", "b\u00f6@example.org"])
def test_an_address_that_cannot_be_written_is_told_and_not_tried_again(address):
    with mail_server() as box, pytest.raises(NotDeliveredError, match="address") as caught:
        server(box.port).send(replace(MESSAGE, to_email=address), now=NOW)
    assert caught.value.is_final
    assert box.mails == []


def test_a_mail_server_that_is_down_is_told():
    with pytest.raises(NotDeliveredError, match="no mail server"):
        server(free_port()).send(MESSAGE, now=NOW)

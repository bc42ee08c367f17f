"""The ways out of the house, as the settings name them."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import Channel
from service.settings import NotConfiguredError, Settings, environment
from service.wiring.outside import build_messengers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_without_settings_nothing_leaves():
    assert build_messengers(Settings()) == {}


def test_each_way_is_set_by_itself():
    mail = Settings(smtp_host="mail.example.org", smtp_from="desk@example.org")
    hook = Settings(webhook_url="https://hooks.example.org/in", webhook_secret=SECRET)
    assert set(build_messengers(mail)) == {Channel.EMAIL}
    assert set(build_messengers(hook)) == {Channel.WEBHOOK}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"smtp_host": "mail.example.org"}, "COUNTERSIGN_SMTP_FROM"),
        ({"webhook_url": "https://hooks.example.org"}, "COUNTERSIGN_WEBHOOK_SECRET"),
        (
            {"webhook_url": "file:///etc/passwd", "webhook_secret": SECRET},
            "COUNTERSIGN_WEBHOOK_URL",
        ),
    ],
)
def test_half_a_setting_is_refused_and_named(wrong, named):
    with pytest.raises(NotConfiguredError, match=named):
        build_messengers(Settings(**wrong))


def test_the_other_processes_are_given_the_secrets_and_a_print_is_not():
    settings = Settings(webhook_secret=SECRET, smtp_password="hush")
    given = environment(settings)
    assert given["COUNTERSIGN_WEBHOOK_SECRET"] == SECRET
    assert given["COUNTERSIGN_SMTP_PASSWORD"] == "hush"
    assert SECRET not in repr(settings)

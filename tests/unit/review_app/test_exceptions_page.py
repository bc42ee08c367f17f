"""Exceptions and integrations: each failure has a name, a reason and a way out, for who may."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from data.schemas.vocabulary import NotificationKind, PostingStatus
from review_app.screens.account.my_channels import KINDS
from review_app.screens.my_work.my_notifications import WORDS
from service.clock import SystemClock
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import milestone
from tests.builders.opened_screen import Open, drawn, labels, opening_screens
from tests.builders.refusals import refuse_posting
from tests.fakes.scorer import CLEAR, FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example) $x$"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def scorer() -> FakeScorer:
    return FakeScorer()


@pytest.fixture(scope="module")
def world(tmp_path_factory, scorer) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("exceptions")
    with serving_desk(home, reference=reference(), scorer=scorer) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture
def refused(world, scorer) -> str:
    """A posting that the ledger refused, with words that would do harm."""
    name = f"M-refused-{next(NUMBERS)}"
    scorer.says(f"test:{name}", **CLEAR)
    world.submit([milestone(external_id=name)])
    with world.opener() as uow:
        posting_id = uow.postings.of_item(f"test:{name}")[0].id
    refuse_posting(
        posting_id, why=f"The period is closed. {HOSTILE}", open_work=world.opener,
        owner_id="person-ivo", now=SystemClock().now(),
    )  # fmt: skip
    return posting_id


def status(world, posting_id):
    return world.client("ivo").posting(posting_id).status


def test_an_empty_queue_says_what_would_stand_there(screens):
    app = screens("exceptions", "ivo", tab="Transfers")

    assert not app.exception
    assert "No transfer waits" in drawn(app)


def test_an_exception_named_in_the_address_is_opened_with_its_reason_and_owner(screens, refused):
    app = screens("exceptions", "ivo", posting=refused)

    assert not app.exception
    told = drawn(app)
    assert "The period is closed" in told
    assert "with Ivo Horvat" in told
    assert "<img" not in told.replace("\\<img", "")
    assert {"Try again (1)", "Discard (1)"} <= set(labels(app))


def test_trying_again_asks_what_was_mended_and_sends_it_off(screens, world, refused):
    app = screens("exceptions", "ivo", posting=refused)
    app.button(key="exceptions_retry").click().run()
    app.text_area(key="exceptions_retry_reason").set_value("the period is open")
    app.button(key="exceptions_retry_confirmed").click().run()

    assert not app.exception
    assert "1 of 1 tried again" in drawn(app)
    assert status(world, refused) is PostingStatus.PENDING


def test_no_reason_is_no_retry(screens, world, refused):
    app = screens("exceptions", "ivo", posting=refused)
    app.button(key="exceptions_retry").click().run()
    app.button(key="exceptions_retry_confirmed").click().run()

    assert "Say why" in drawn(app)
    assert status(world, refused) is PostingStatus.REFUSED


def test_an_exception_is_given_to_a_colleague(screens, world, refused):
    app = screens("exceptions", "ivo", posting=refused)
    app.selectbox(key="exceptions_assignee").set_value("person-rosa").run()
    app.button(key="exceptions_assign").click().run()

    assert not app.exception
    assert world.client("ivo").posting(refused).owner_name == "Rosa Ott"
    told = world.client("rosa").notifications().notifications
    assert any(refused in one.text for one in told)


def test_an_approver_discards_and_does_not_retry(screens, world, refused):
    app = screens("exceptions", "carla", posting=refused)
    assert "Try again (1)" not in labels(app)
    app.button(key="exceptions_discard").click().run()
    app.text_area(key="exceptions_discard_reason").set_value("billed by hand")
    app.button(key="exceptions_discard_confirmed").click().run()

    assert status(world, refused) is PostingStatus.CANCELLED


def test_what_somebody_else_mended_meanwhile_is_told_and_not_done_twice(screens, world, refused):
    app = screens("exceptions", "ivo", posting=refused)
    app.button(key="exceptions_retry").click().run()
    world.client("rosa").retry_posting(refused, reason="opened it")
    app.text_area(key="exceptions_retry_reason").set_value("opened it too")
    app.button(key="exceptions_retry_confirmed").click().run()

    assert not app.exception
    assert "nothing is to be done" in drawn(app)


def test_an_auditor_reads_and_acts_on_nothing(screens, refused):
    app = screens("exceptions", "dora", posting=refused)

    assert "You read here" in drawn(app)
    assert not {"Try again (1)", "Discard (1)"} & set(labels(app))


def test_an_unknown_posting_says_what_to_do(screens):
    app = screens("exceptions", "ivo", posting="post-nowhere")

    assert not app.exception
    assert "no posting" in drawn(app)


def test_the_systems_tell_that_nobody_posts_while_no_worker_runs(screens):
    app = screens("exceptions", "ivo", tab="Systems")

    assert not app.exception
    assert "Worker" in drawn(app)
    states = dict(zip(app.dataframe[0].value["Part"], app.dataframe[0].value["State"], strict=True))
    assert states["Writer"] == "✓ works"
    assert states["Worker"] == "⚠ trouble"
    assert states["E-mail"] == "○ not connected"


def test_every_kind_of_notification_has_words_for_people():
    assert set(WORDS) == set(NotificationKind) == set(KINDS)


def fail_alike(world, scorer, count_of):
    """Postings that the ledger refuses for one reason, each under another number."""
    ids = []
    for _ in range(count_of):
        name = f"M-alike-{next(NUMBERS)}"
        scorer.says(f"test:{name}", **CLEAR)
        world.submit([milestone(external_id=name)])
        with world.opener() as uow:
            ids.append(uow.postings.of_item(f"test:{name}")[0].id)
        refuse_posting(
            ids[-1], why=f"journal 4{name[-1]} is locked", open_work=world.opener,
            owner_id="integration-owner", now=SystemClock().now(),
        )  # fmt: skip
    return ids


def test_everything_with_one_reason_is_tried_again_together(screens, world, scorer):
    ids = fail_alike(world, scorer, 2)
    app = screens("exceptions", "ivo")
    app.selectbox(key="exceptions_reason").set_value("permanent/journal_is_locked").run()
    assert "Mend what the ledger names" in drawn(app)
    app.button(key="exceptions_retry_all").click().run()
    app.text_area(key="exceptions_retry_all_reason").set_value("unlocked")
    app.button(key="exceptions_retry_all_confirmed").click().run()

    assert not app.exception
    assert "2 are tried again" in drawn(app)
    assert {status(world, one) for one in ids} == {PostingStatus.PENDING}


def test_an_owner_without_an_account_is_a_role_in_words(screens, world, scorer):
    (posting_id,) = fail_alike(world, scorer, 1)
    told = drawn(screens("exceptions", "ivo", posting=posting_id))

    assert "with Integration owner" in told
    assert "What to do" in told
    assert "due in" in told


def test_what_the_ledger_would_not_have_is_edited_and_tried_again(screens, world, scorer):
    (posting_id,) = fail_alike(world, scorer, 1)
    app = screens("exceptions", "ivo", posting=posting_id)
    app.text_input(key=f"edit_line_1_{posting_id}").set_value("Milestone, as agreed")
    app.text_input(key=f"edit_reason_{posting_id}").set_value("shorter words")
    app.button(key=f"edit_save_{posting_id}").click().run()

    assert not app.exception
    assert status(world, posting_id) is PostingStatus.PENDING
    assert world.client("ivo").bill(posting_id).lines[0].description == "Milestone, as agreed"


def test_a_bill_entered_by_hand_is_posted_under_its_number(screens, world, scorer):
    (posting_id,) = fail_alike(world, scorer, 1)
    app = screens("exceptions", "ivo", posting=posting_id)
    app.text_input(key=f"by_hand_number_{posting_id}").set_value("2026-0815")
    app.text_input(key=f"by_hand_reason_{posting_id}").set_value("the client waits")
    app.button(key=f"by_hand_save_{posting_id}").click().run()

    assert not app.exception
    posting = world.client("ivo").posting(posting_id)
    assert (posting.status, posting.document_id) == (PostingStatus.DONE, "2026-0815")
    assert b"Amount" in world.client("ivo").bill_file(posting_id)

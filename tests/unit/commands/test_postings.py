"""Refused postings are listed, and tried once more under the token they always had."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.commands.postings import postings, retry_postings
from service.domain.errors import NotFoundError
from service.settings import Settings
from service.workflows.engine import prepare_engine
from tests.builders.items import milestone
from tests.builders.refusals import refuse_posting
from tests.builders.service import Workplace, database


@pytest.fixture
def place(tmp_path):
    place = Workplace(database(tmp_path))
    prepare_engine(place.url)
    yield place
    place.close()


@pytest.fixture
def settings(place):
    return Settings(database_url=place.url)


def refused(place, name):
    """Decide a milestone and have its posting refused; gives the posting's id."""
    place.decided(milestone(external_id=name))
    posting = place.postings(f"test:{name}")[0]
    refuse(place, posting.id)
    return posting.id


def refuse(place, posting_id):
    refuse_posting(
        posting_id,
        why="the period is closed",
        open_work=place.open_work,
        owner_id="ines",
        now=place.clock.now(),
    )


def workflow_ids(place):
    with place.open_work.engine.begin() as connection:
        found = connection.execute(text("select workflow_uuid from workflow_status"))
        return sorted(one.workflow_uuid for one in found)


def test_the_exception_queue_lists_what_was_refused_with_its_reason(place, settings):
    posting_id = refused(place, "closed")
    place.decided(milestone(external_id="pending"))
    (listed,) = postings(settings, status=PostingStatus.REFUSED)
    assert (listed.id, listed.error, listed.owner_id) == (
        posting_id,
        "the period is closed",
        "ines",
    )


def test_a_refused_posting_is_tried_again_under_its_own_token(place, settings):
    posting_id = refused(place, "closed")
    assert retry_postings(settings, posting_ids=[posting_id]) == [posting_id]
    (posting,) = place.postings("test:closed")
    assert (posting.status, posting.token) == (PostingStatus.PENDING, posting_id)
    assert (posting.error, posting.owner_id) == (None, None)
    assert len(workflow_ids(place)) == 1
    last = place.audited(AuditEvent.POSTING_RETRIED)[-1]
    assert (last["actor"], last["facts"]["posting"]) == ("command-line", posting_id)


def test_a_second_refusal_can_be_tried_again_too(place, settings):
    posting_id = refused(place, "closed")
    retry_postings(settings, posting_ids=[posting_id])
    refuse(place, posting_id)
    retry_postings(settings, posting_ids=[posting_id])
    assert len(set(workflow_ids(place))) == 2


def test_what_is_not_refused_is_left_as_it_is(place, settings):
    posting_id = refused(place, "closed")
    retry_postings(settings, posting_ids=[posting_id])
    assert retry_postings(settings, posting_ids=[posting_id]) == []
    assert len(workflow_ids(place)) == 1


def test_an_unknown_posting_stops_all_of_them(place, settings):
    posting_id = refused(place, "closed")
    with pytest.raises(NotFoundError, match="post-nowhere"):
        retry_postings(settings, posting_ids=[posting_id, "post-nowhere"])
    assert place.postings("test:closed")[0].status is PostingStatus.REFUSED
    assert workflow_ids(place) == []

"""The programs under docs/examples do what they say, against the API as it is deployed."""

from __future__ import annotations

import importlib.util
import json
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from data.schemas.contracts import Client
from service.client import ApiProblem, CountersignClient
from tests.builders.api import raw
from tests.builders.clients import ask_async
from tests.builders.items import timesheet
from tests.fakes.scorer import CLEAR

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


def _example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _client(api):
    transport = api.client._transport
    return CountersignClient("http://testserver", token="full-key", transport=transport)


def _at_once(api, call):
    return ask_async(call, token="full-key", transport=httpx2.ASGITransport(api.app))


def test_a_file_is_assessed_once_however_often_it_is_sent(told_api, tmp_path):
    example = _example("assess_file")
    rows = [raw(timesheet(external_id="from-file")), {"kind": "invoice"}]
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"items": rows}))
    with _client(told_api) as client:
        first = example.assess_file(path, client)
        assert example.assess_file(path, client) == first
    assert (first.assessed, first.rejected) == (1, 1)
    told = example.lines(first)
    assert told[0] == "1 assessed, 0 known, 1 rejected"
    assert told[1].startswith("row ")


def test_postings_are_added_up_over_all_pages(told_api):
    for number in range(3):
        told_api.scorer.says(f"test:posted-{number}", **CLEAR)
        told_api.assess(timesheet(external_id=f"posted-{number}"))
    example = _example("read_postings")
    with _client(told_api) as client:
        by_one, at_once = example.read_postings(client, page_size=1), example.read_postings(client)
    assert by_one == at_once
    assert sum(by_one.values()) > 0


def test_a_large_file_goes_in_batches_and_may_be_sent_again(told_api):
    example = _example("many_batches")
    items = [raw(timesheet(external_id=f"large-{number}")) for number in range(7)]

    def send():
        return _at_once(told_api, lambda client: example.many_batches(items, client, size=2))

    first, again = send(), send()
    assert [one.assessed for one in first] == [2, 2, 2, 1]
    assert again == first


class _Overtaken(CountersignClient):
    """Somebody else is faster, once."""

    def see_client(self, client_id):
        seen = super().see_client(client_id)
        if not seen.what.purchase_order_required:
            theirs = seen.what.model_copy(update={"purchase_order_required": True})
            self.put_client(theirs, if_match=seen.etag)
        return seen


def test_a_client_is_renamed_and_the_change_of_somebody_faster_stays(told_api):
    example = _example("rename_client")
    acme = Client(id="CL-acme", name="Acme", country="AT", currency="EUR")
    transport = told_api.client._transport
    with _Overtaken("http://testserver", token="full-key", transport=transport) as client:
        client.put_client(acme)
        assert example.rename_client("CL-acme", "Acme AG", client) == 1
        kept = client.see_client("CL-acme").what
    assert kept == acme.model_copy(update={"name": "Acme AG", "purchase_order_required": True})


def test_what_is_refused_otherwise_is_told_and_not_tried_again(told_api):
    example = _example("rename_client")
    with _client(told_api) as client, pytest.raises(ApiProblem) as refused:
        example.rename_client("CL-nobody", "Nobody", client)
    assert refused.value.problem.status == 404


def _waiting(api, name, *, of):
    """Cases that are open, and their items as they were mended at the source."""
    sheets = [timesheet(external_id=f"{name}-{number}") for number in range(of)]
    cases = [one["case_id"] for one in api.assess(*sheets).json()["results"]]
    mended = [
        raw(one.model_copy(update={"submitted_at": one.submitted_at + timedelta(hours=1)}))
        for one in sheets[1:]
    ]
    return cases, mended


def test_open_cases_are_drained_of_what_was_mended_and_only_once(told_api):
    example = _example("drain_cases")
    cases, mended = _waiting(told_api, "mended", of=4)
    with _client(told_api) as client:
        answers = example.drain_cases(client, mended, page_size=1)
        assert set(answers) == set(cases[1:])
        assert all(one.assessed == 1 for one in answers.values())
        assert example.drain_cases(client, mended, page_size=1) == answers
        versions = client.item_versions(f"test:{mended[0]['external_id']}")
        assert len(versions.versions) == 2


def test_several_cases_are_drained_at_once(told_api):
    example = _example("drain_cases")
    cases, mended = _waiting(told_api, "at-once", of=3)

    answers = _at_once(
        told_api, lambda client: example.drain_cases_at_once(client, mended, page_size=1)
    )
    assert set(answers) == set(cases[1:])
    assert {one.assessed for one in answers.values()} == {1}

"""Within a dated version of the API nothing a client knows goes away or becomes a duty."""

from __future__ import annotations

import copy

import pytest

from tests.golden.api_changes import breaking_changes
from tests.golden.api_page import api_page, published


def test_the_api_still_does_what_its_published_version_says():
    assert breaking_changes(published(), api_page()) == []


def _of(document, name):
    return document["components"]["schemas"][name]


def _drop_route(document):
    del document["paths"]["/v1/queue"]["get"]


def _drop_field_of_an_answer(document):
    del _of(document, "QueueSummary")["properties"]["waiting"]


def _answer_less_surely(document):
    _of(document, "QueueSummary")["required"].remove("waiting")


def _ask_for_more(document):
    _of(document, "ClaimRequest")["properties"]["why"] = {"type": "string"}
    _of(document, "ClaimRequest").setdefault("required", []).append("why")


def _take_fewer_values(document):
    _of(document, "Verdict")["enum"].remove("adjust")


def _take_another_type(document):
    _of(document, "DecisionRequest")["properties"]["version"] = {"type": "string"}


def _take_shorter_text(document):
    _of(document, "CommentRequest")["properties"]["text"]["maxLength"] = 1


def _need_a_parameter(document):
    document["paths"]["/v1/queue"]["get"].setdefault("parameters", []).append(
        {"name": "desk", "in": "query", "required": True, "schema": {"type": "string"}}
    )


def _take_no_parameter(document):
    document["paths"]["/v1/cases"]["get"]["parameters"] = []


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (_drop_route, "GET /v1/queue: gone"),
        (_drop_field_of_an_answer, "waiting: gone"),
        (_answer_less_surely, "waiting: may be missing now"),
        (_ask_for_more, "why: needed now"),
        (_take_fewer_values, "takes fewer values: adjust"),
        (_take_another_type, "integer became string"),
        (_take_shorter_text, "maxLength is 1"),
        (_need_a_parameter, "needs query desk"),
        (_take_no_parameter, "takes no query cursor any more"),
    ],
)
def test_what_would_break_a_client_is_named(plant, told):
    changed = copy.deepcopy(published())
    plant(changed)
    assert any(told in one for one in breaking_changes(published(), changed))


def test_what_is_added_breaks_nobody():
    changed = copy.deepcopy(published())
    changed["paths"]["/v1/new"] = {"get": {"responses": {"200": {}}}}
    _of(changed, "QueueSummary")["properties"]["mood"] = {"type": "string"}
    _of(changed, "ClaimRequest")["properties"]["hint"] = {"type": "string"}
    changed["paths"]["/v1/queue"]["get"].setdefault("parameters", []).append(
        {"name": "desk", "in": "query", "required": False, "schema": {"type": "string"}}
    )
    assert breaking_changes(published(), changed) == []

"""The bundle in force: nothing that cannot be read takes its place."""

from __future__ import annotations

import json

import pytest

from service.scoring.champion import RECORD, ReleasedBundle


@pytest.fixture
def changes():
    return []


@pytest.fixture
def champion(tmp_path, changes):
    return ReleasedBundle(tmp_path, record=RECORD, on_change=changes.append)


def test_without_a_release_rules_work_alone(champion, changes):
    champion.look()
    assert (champion.current(), champion.refused, changes) == (None, None, [])


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", "null", '{"bundle": '])
def test_a_release_record_that_cannot_be_read_is_refused_and_said(tmp_path, champion, record):
    (tmp_path / RECORD).write_text(record)
    champion.look()
    assert champion.current() is None
    assert champion.refused


def test_a_release_of_nothing_is_refused_and_looked_at_once(tmp_path, champion, changes):
    (tmp_path / RECORD).write_text(json.dumps({"bundle": "b-missing"}))
    champion.look()
    assert "b-missing" in champion.refused
    champion.look()
    assert changes == []


@pytest.mark.parametrize("name", ["../elsewhere", "/etc", "."])
def test_a_release_never_leads_out_of_the_folder_of_bundles(tmp_path, champion, name):
    (tmp_path / RECORD).write_text(json.dumps({"bundle": name}))
    champion.look()
    assert champion.current() is None
    assert champion.refused

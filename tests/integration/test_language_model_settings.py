"""A language model reads along only in an installation that names one."""

from __future__ import annotations

from datetime import date

from pydantic import SecretStr

from service.settings import Settings, environment
from service.wiring.outside import build_clause_reader
from tests.builders.proposals import DAY_TEXT, DOCUMENT
from tests.fakes.language_model import language_model


def test_a_language_model_is_asked_only_where_address_and_name_are_set(tmp_path):
    with language_model() as told:
        told.points_at({"kind": "change_control", "quote": DAY_TEXT})
        both = {"llm_url": told.url, "llm_model": "told"}
        for given, asked_times in (({}, 0), ({"llm_url": told.url}, 0), (both, 1)):
            settings = Settings(home=tmp_path, llm_key=SecretStr("secret"), **given)
            reader = build_clause_reader(settings)
            reader.read(DOCUMENT, currency="EUR", signed_on=date(2026, 1, 10))
            assert len(told.requests) == asked_times


def test_the_key_reaches_every_process_and_is_shown_to_nobody(tmp_path):
    settings = Settings(home=tmp_path, llm_key=SecretStr("key-4711"))
    assert environment(settings)["COUNTERSIGN_LLM_KEY"] == "key-4711"
    assert "key-4711" not in repr(settings)

"""A system connected by a file keeps every rule that a connector written in code keeps."""

from __future__ import annotations

import pytest

from tests.connectors.declared import declared_http, declared_ledger, declared_source
from tests.connectors.http_rules import HTTP_RULES
from tests.connectors.ledger_rules import LEDGER_RULES
from tests.connectors.source_rules import SOURCE_RULES


def named(rule):
    return rule.__name__[6:]


@pytest.mark.parametrize("rule", SOURCE_RULES, ids=named)
def test_a_declared_source_keeps(rule, tmp_path):
    rule(declared_source(tmp_path))


@pytest.mark.parametrize("rule", LEDGER_RULES, ids=named)
def test_a_declared_ledger_keeps(rule, tmp_path):
    rule(declared_ledger(tmp_path))


@pytest.mark.parametrize("rule", HTTP_RULES, ids=named)
def test_the_calls_of_a_connection_keep(rule, tmp_path):
    rule(declared_http(tmp_path))

"""Every ledger keeps every rule: the fake, the sandbox, and the live systems we bill into."""

from __future__ import annotations

import pytest

from tests.connectors.http_rules import HTTP_RULES
from tests.connectors.ledger_rules import LEDGER_RULES
from tests.connectors.systems import (
    fake_ledger,
    redmine_http,
    sandbox_ledger,
    tryton_http,
    tryton_ledger,
)

ONCE = pytest.mark.parametrize("rule", LEDGER_RULES, ids=lambda rule: rule.__name__[6:])


@ONCE
def test_the_fake_keeps(rule):
    rule(fake_ledger())


@ONCE
def test_the_sandbox_keeps(rule, tmp_path):
    rule(sandbox_ledger(tmp_path))


@pytest.mark.live
@pytest.mark.timeout(600)
@ONCE
def test_tryton_keeps(rule, tryton_server, tmp_path, request):
    rule(tryton_ledger(tryton_server, tmp_path, request))


@pytest.mark.parametrize("connector", [tryton_http, redmine_http])
@pytest.mark.parametrize("rule", HTTP_RULES, ids=lambda rule: rule.__name__[6:])
def test_failures_are_classed(rule, connector, tmp_path):
    rule(connector(tmp_path))

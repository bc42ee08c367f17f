"""Every source keeps every rule: the fake, and the live systems we read work from."""

from __future__ import annotations

import pytest

from tests.connectors.source_rules import SOURCE_RULES
from tests.connectors.systems import fake_source, redmine_source, tryton_source

ONCE = pytest.mark.parametrize("rule", SOURCE_RULES, ids=lambda rule: rule.__name__[6:])


@ONCE
def test_the_fake_keeps(rule):
    rule(fake_source())


@pytest.mark.live
@pytest.mark.timeout(600)
@ONCE
def test_tryton_keeps(rule, tryton_server, request):
    rule(tryton_source(tryton_server, request))


@pytest.mark.live
@pytest.mark.timeout(600)
@ONCE
def test_redmine_keeps(rule, redmine_server, request):
    rule(redmine_source(redmine_server, request))

"""Live servers of the connector suites."""

from tests.integration.redmine_fixture import redmine_server
from tests.integration.tryton_fixture import tryton_server

__all__ = ["redmine_server", "tryton_server"]

"""Fixtures of the contract suites."""

from tests.integration.tryton_fixture import tryton_server

__all__ = ["tryton_server"]

"""Fixtures of the fault harnesses."""

from tests.integration.tryton_fixture import tryton_server

__all__ = ["tryton_server"]

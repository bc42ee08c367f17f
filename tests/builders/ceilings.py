"""Ceilings at each of the four levels, and lines that two customers share."""

from __future__ import annotations

from typing import Any

from data.schemas.clauses import NotToExceed
from data.schemas.contracts import Clause, ContractLine, CustomerShare
from data.schemas.reference import Reference
from tests.builders.contracts import clause, contract, reference

BUILD = ContractLine(id="L-1", project_id="P-1", name="Build")
RUN = ContractLine(id="L-2", project_id="P-2", name="Run")
SHARED = ContractLine(
    id="L-1",
    project_id="P-1",
    name="Build",
    customers=(
        CustomerShare(client_id="acme", share=0.6667),
        CustomerShare(client_id="beta", share=0.3333),
    ),
)
"""The first line, of which Beta pays a third, nearly."""
BETAS_OWN = ContractLine(
    id="L-2",
    project_id="P-2",
    name="Run",
    customers=(CustomerShare(client_id="beta", share=1.0),),
)
"""The second line, which Beta pays alone."""


def of_contract(limit_minor: int, **terms: Any) -> Clause:
    """The ceiling of the whole contract."""
    return clause(NotToExceed(limit_minor=limit_minor, **terms), id="CL-contract")


def of_line(limit_minor: int, **terms: Any) -> Clause:
    """The ceiling of the first line."""
    return clause(NotToExceed(limit_minor=limit_minor, **terms), id="CL-line", line_id="L-1")


def of_customer(limit_minor: int, client_id: str, **terms: Any) -> Clause:
    """The ceiling of a customer over all lines."""
    agreed = NotToExceed(limit_minor=limit_minor, client_id=client_id, **terms)
    return clause(agreed, id="CL-customer")


def of_line_customer(limit_minor: int, client_id: str, **terms: Any) -> Clause:
    """The ceiling of a customer on the first line."""
    agreed = NotToExceed(limit_minor=limit_minor, client_id=client_id, **terms)
    return clause(agreed, id="CL-line-customer", line_id="L-1")


def under(
    *limits: Clause, lines: tuple[ContractLine, ...] = (BUILD, RUN), **overrides: Any
) -> Reference:
    """A contract of two lines with these ceilings and no other clause, and another contract."""
    return reference(contract(clauses=limits, lines=lines, **overrides), contract(id="C-2"))

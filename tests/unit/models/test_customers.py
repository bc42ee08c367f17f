"""Customers with a ceiling of their own, and the lines they pay for."""

from __future__ import annotations

import numpy as np

from data.schemas.clauses import NotToExceed
from data.schemas.contracts import ContractLine, CustomerShare
from models.agreed.customers import Customers
from models.codes import Codes, line_name
from models.spans import placed_clauses
from tests.builders.contracts import clause, contract


def _line(name, **shares):
    customers = tuple(CustomerShare(client_id=one, share=share) for one, share in shares.items())
    return ContractLine(id=name, project_id="P-1", name=name, customers=customers)


def _customers(codes, *lines, limited):
    clauses = tuple(
        clause(NotToExceed(limit_minor=1, client_id=one), id=f"CL-{one}") for one in limited
    )
    agreed = contract(lines=lines, clauses=clauses)
    return Customers.build([agreed], placed=placed_clauses([agreed]), codes=codes)


LINES = (_line("L-1", beta=0.25, acme=0.75), _line("L-2"), _line("L-3", gamma=1.0))


def test_parts_stand_line_by_line_as_asked():
    codes = Codes()
    customers = _customers(codes, *LINES, limited=("acme", "beta"))
    asked = [codes.line.code(line_name("C-1", name)) for name in ("L-2", "L-1", "L-3", "L-1")]
    parts = customers.parts(np.array(asked))
    names = [codes.client.names()[code] for code in parts.client.tolist()]
    assert list(zip(parts.row.tolist(), names, parts.share.tolist(), strict=True)) == [
        (0, "acme", 1.0),  # the contract's client pays a line that names nobody
        (1, "beta", 0.25),
        (1, "acme", 0.75),
        (3, "beta", 0.25),
        (3, "acme", 0.75),
    ]


def test_customers_without_a_ceiling_have_no_parts():
    codes = Codes()
    customers = _customers(codes, *LINES, limited=())
    assert len(customers.parts(np.array([0, 1, 2])).row) == 0
    assert len(customers.parts(np.array([], dtype=np.int64)).row) == 0


def test_lines_of_a_customer_are_found_with_its_shares():
    codes = Codes()
    customers = _customers(codes, *LINES, limited=("acme",))
    contract_code, acme = codes.contract.code("C-1"), codes.client.code("acme")
    found = {
        codes.line.names()[one.code]: one.share for one in customers.lines(contract_code, acme)
    }
    assert found == {line_name("C-1", "L-1"): 0.75, line_name("C-1", "L-2"): 1.0}
    assert customers.lines(contract_code, codes.client.code("beta")) == ()

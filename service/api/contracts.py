"""Contracts to look through, and the texts that their clauses were read out of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.api.access import Parts, Reader
from service.domain.errors import NotFoundError
from service.domain.terms_on import terms_on
from service.usecases.terms.see_reference import see_contract
from service.wire.contracts import (
    ContractPage,
    ContractQuery,
    DocumentView,
    HeldTerm,
    TermsView,
)

router = APIRouter(prefix="/v1", tags=["terms"])


@router.get("/contracts")
def get_contracts(
    parts: Parts, actor: Reader, wanted: Annotated[ContractQuery, Query()]
) -> ContractPage:
    """List contracts by id, with how many of their proposed clauses wait for a person."""
    return parts.screens.contract_page(wanted, wall=actor.wall)


@router.get("/contracts/{contract_id:path}/documents/{sha256}")
def get_document(
    contract_id: str,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    parts: Parts,
    actor: Reader,
) -> DocumentView:
    """Give the text that clauses of a contract were read out of."""
    with parts.read() as uow:
        see_contract(contract_id, wall=actor.wall, references=uow.references)
        text = uow.documents.get(contract_id, sha256=sha256)
    if text is None:
        raise NotFoundError("document", sha256)
    return DocumentView(contract_id=contract_id, sha256=sha256, text=text)


@router.get("/contracts/{contract_id:path}/terms")
def get_terms(contract_id: str, parts: Parts, actor: Reader, on: date | None = None) -> TermsView:
    """Give the clauses in force on a day; today without one."""
    day = on or parts.clock.now().date()
    with parts.read() as uow:
        contract = see_contract(contract_id, wall=actor.wall, references=uow.references)
    held = terms_on(contract, on=day)
    return TermsView(
        contract_id=contract_id,
        on=day,
        held=tuple(HeldTerm(clause=one.clause, order_number=one.order_number) for one in held),
        unconfirmed=tuple(one for one in contract.clauses if one.confirmed_by is None),
    )

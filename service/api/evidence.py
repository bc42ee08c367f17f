"""The evidence of a case, to be read and checked without us."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from data.schemas.vocabulary import Scope
from service.api.access import Parts, scoped
from service.api.cases import shown_detail
from service.api.evidence_pack import Evidence, evidence_pack
from service.api.second_eyes import require_not_blind
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.usecases.figures.note_export import note_export

router = APIRouter(prefix="/v1", tags=["audit"])
Inspector = Annotated[Actor, Depends(scoped(Scope.AUDIT))]
"""Reads the trail of single cases; a wall cuts those."""


@router.get("/cases/{case_id}/evidence.zip", response_class=Response)
def get_evidence(case_id: str, parts: Parts, actor: Inspector) -> Response:
    """Give the case, its item, its decisions and its audit entries, each with its proof."""
    now = parts.clock.now()
    detail = shown_detail(case_id, parts, actor)
    require_not_blind(detail, actor=actor)
    versions = parts.screens.item_versions(detail.case.item_id, wall=actor.wall)
    if versions is None:
        raise NotFoundError("case", case_id)
    parts.writer.run(
        lambda uow: note_export("evidence", subject=case_id, actor=actor, uow=uow, now=now)
    )
    entries = parts.screens.entries_about((case_id, detail.case.item_id))
    signed = parts.audit_book.prove([one.index for one in entries if one.index is not None])
    packed = evidence_pack(
        Evidence(
            detail=detail,
            versions=versions,
            entries=entries,
            signed=signed,
            taken_by=actor.name,
            at=now,
        )
    )
    return Response(
        packed,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{case_id}-evidence.zip"'},
    )

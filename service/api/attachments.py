"""Files beside a case: uploaded, listed, and handed out so that no browser runs them."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from service.api.access import Parts, Reader
from service.api.parts import ApiParts
from service.api.talk import name_of
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError
from service.domain.talk import Attachment
from service.ports.attachment_files import AttachmentFiles
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case
from service.usecases.talk.attach_file import attach_file, open_for_files, see_attachment
from service.wire.talk import AttachmentPage, AttachmentView

router = APIRouter(prefix="/v1", tags=["talk"])
BODY: dict[str, object] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
UNTRUSTED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}
"""What somebody attached is never shown as a page of ours, and kept in no cache."""


async def files_of(request: Request) -> AttachmentFiles:
    """Give what the wiring put on the application."""
    files: AttachmentFiles = request.app.state.attachments
    return files


Files = Annotated[AttachmentFiles, Depends(files_of)]


@router.get("/cases/{case_id}/attachments")
def get_attachments(case_id: str, parts: Parts, actor: Reader) -> AttachmentPage:
    """List the files of a case, oldest first."""
    with parts.read() as uow:
        see_case(case_id, actor=actor, uow=uow)
        found = uow.talk.attachments(case_id)
        return AttachmentPage(attachments=tuple(_view(one, uow) for one in found))


@router.post(
    "/cases/{case_id}/attachments",
    response_model=AttachmentView,
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": BODY}}}
    },
)
async def post_attachment(
    case_id: str, request: Request, parts: Parts, files: Files, actor: Reader
) -> Response:
    """Put a file beside a case that is not decided yet; its SHA-256 goes into the audit trail."""
    # Who may not attach is refused before a byte of theirs is kept.
    await asyncio.to_thread(_require_open, case_id, parts, actor)
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            reason = "is no uploaded file; send multipart/form-data with the file as 'file'"
            raise InvalidRequestError("file", "(missing)", reason)
        view = await asyncio.to_thread(_take, case_id, file, parts, files, actor)
    return Response(view.model_dump_json(), media_type="application/json")


@router.get("/attachments/{attachment_id}", response_class=StreamingResponse)
def get_attachment(attachment_id: str, parts: Parts, files: Files, actor: Reader) -> Response:
    """Give the bytes of a file, to be saved and not shown."""
    with parts.read() as uow:
        found = see_attachment(attachment_id, actor=actor, uow=uow)
    named = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return StreamingResponse(
        files.content(found.sha256),
        media_type=found.media_type,
        headers=UNTRUSTED | {"Content-Disposition": named, "Content-Length": str(found.size_bytes)},
    )


def _require_open(case_id: str, parts: ApiParts, actor: Actor) -> None:
    with parts.read() as uow:
        open_for_files(case_id, actor=actor, uow=uow)


def _take(
    case_id: str, file: UploadFile, parts: ApiParts, files: AttachmentFiles, actor: Actor
) -> AttachmentView:
    kept = files.keep(file.file, name=file.filename or "")

    def work(uow: UnitOfWork) -> AttachmentView:
        attached = attach_file(
            case_id, file=kept, actor=actor, uow=uow, now=parts.clock.now(), ids=parts.ids
        )
        return _view(attached, uow)

    return parts.writer.run(work)


def _view(attachment: Attachment, uow: UnitOfWork) -> AttachmentView:
    return AttachmentView(
        id=attachment.id,
        name=attachment.name,
        media_type=attachment.media_type,
        size_bytes=attachment.size_bytes,
        sha256=attachment.sha256,
        by_id=attachment.by_id,
        by_name=name_of(attachment.by_id, uow),
        at=attachment.at,
    )

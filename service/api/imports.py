"""Files over HTTP: uploaded with their mapping, imported beside the API, and reported on."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from data.schemas.vocabulary import Scope
from service.api.access import Caller
from service.api.body import MappingBody
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotAllowedError, NotFoundError
from service.domain.object_groups import READING, WRITING, group_of_kind
from service.ports.imports import Imports
from service.wire.cases import MAX_PAGE
from service.wire.imports import ImportPage, ImportReport, MappingCheck

router = APIRouter(prefix="/v1", tags=["imports"])
PATH = "/v1/imports"
LARGEST_MAPPING_BYTES = 1_000_000
MOST_PARTS = 4
BODY: dict[str, object] = {
    "type": "object",
    "required": ["file", "mapping"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "mapping": {"type": "string", "format": "binary"},
    },
}


async def imports_of(request: Request) -> Imports:
    """Give what the wiring put on the application."""
    imports: Imports = request.app.state.imports
    return imports


Kept = Annotated[Imports, Depends(imports_of)]


async def uploader(actor: Caller) -> Actor:
    """Let through whoever may bring items or reference data; the mapping tells which it is."""
    if not actor.scopes & WRITING:
        needed = f"'{Scope.BILLING_WRITE}', '{Scope.ASSESS}', '{Scope.REFERENCE}'"
        raise NotAllowedError(f"the scope {needed} or another one to write")
    actor.require_open_wall()
    return actor


async def follower(actor: Caller) -> Actor:
    """Let through whoever reads anything; what an import is about tells whether it is this."""
    if not actor.scopes & READING:
        raise NotAllowedError(f"the scope '{Scope.READ}', or the one of a group to read")
    actor.require_open_wall()
    return actor


Uploader = Annotated[Actor, Depends(uploader)]
Follower = Annotated[Actor, Depends(follower)]


@router.post(
    "/imports",
    response_model=ImportReport,
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": BODY}}}
    },
)
async def post_import(request: Request, imports: Kept, actor: Uploader) -> Response:
    """Take a file and its mapping in YAML; the answer comes at once, the import follows.

    The same file under the same mapping is one import: sent again it changes nothing.
    """
    async with request.form(max_files=MOST_PARTS, max_fields=MOST_PARTS) as form:
        file, mapping = form.get("file"), form.get("mapping")
        if not isinstance(file, UploadFile) or not isinstance(mapping, UploadFile):
            missing = "mapping" if isinstance(file, UploadFile) else "file"
            reason = "is no uploaded file; send multipart/form-data with the files file and mapping"
            raise InvalidRequestError(missing, "(missing)", reason)
        report = await asyncio.to_thread(_take, imports, file, mapping, actor)
    return Response(
        report.model_dump_json(),
        status_code=HTTPStatus.ACCEPTED,
        media_type="application/json",
        headers={"Location": f"{PATH}/{report.id}"},
    )


@router.get("/imports")
def get_imports(
    imports: Kept,
    actor: Follower,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> ImportPage:
    """List the imports of uploaded files and of the command, newest first.

    A key held to groups of objects finds those of their kinds.
    """
    return imports.newest(
        cursor=cursor,
        limit=limit,
        is_shown=lambda one: actor.may(Scope.READ, group=group_of_kind(one.kind)),
    )


@router.post("/imports/mapping-check")
def post_mapping_check(request: MappingBody, imports: Kept, actor: Uploader) -> MappingCheck:
    """Read a mapping before a file is sent with it; a refusal names every mistake."""
    del actor
    return imports.check(request.mapping)


@router.get("/imports/{import_id}")
def get_import(import_id: str, imports: Kept, actor: Follower) -> ImportReport:
    """Tell how far an import has come: rows_received = rows_accepted + rows_rejected."""
    return _known(imports, import_id, actor)


@router.get("/imports/{import_id}/rejections", response_class=StreamingResponse)
def get_rejections(import_id: str, imports: Kept, actor: Follower) -> Response:
    """Give the rows that were not taken as CSV, each with field, value, reason and remedy."""
    report = _known(imports, import_id, actor)
    return StreamingResponse(
        imports.given_back(import_id),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{report.id}-rejections.csv"'},
    )


def _take(imports: Imports, file: UploadFile, mapping: UploadFile, actor: Actor) -> ImportReport:
    if (mapping.size or 0) > LARGEST_MAPPING_BYTES:
        reason = f"is larger than {LARGEST_MAPPING_BYTES} bytes; send the mapping in YAML"
        raise InvalidRequestError("mapping", mapping.filename, reason)
    # A client's name of the file is a name and no path, whatever it holds.
    name = PurePath(file.filename or "upload").name
    return imports.take(file=file.file, name=name, mapping=mapping.file, actor=actor)


def _known(imports: Imports, import_id: str, actor: Actor) -> ImportReport:
    report = imports.report(import_id)
    if report is None:
        raise NotFoundError("import", import_id)
    actor.require(Scope.READ, group=group_of_kind(report.kind))
    return report

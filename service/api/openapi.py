"""The description of the API (OpenAPI 3.1): what FastAPI reads off the routes, and the rest.

The rest is what the layers around the routes take and answer, which no route knows of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.api.idempotency import KEPT_FOR, LONGEST_KEY, needs_key, takes_key
from service.api.problems import MEDIA_TYPE
from service.api.versions import CURRENT, HEADER, VERSIONS
from service.wire.access import Problem

TAGS = {
    "access": "Who may log in, with which roles and walls; keys of workflows.",
    "assessments": "Items in, each with its assessment or its rejection out.",
    "audit": "The audit trail, its proof, and evidence to be handed out.",
    "events": "What is told to other systems as it happens.",
    "exports": "Lists as files.",
    "flows": "Work that runs over days: its state, and what operators do about it.",
    "health": "Probes and metrics.",
    "imports": "Files that come in, with their mappings.",
    "items": "Versions of items, and what was withdrawn.",
    "models": "The models in force, and orders to change them.",
    "policy": "The review policy, its drafts and versions.",
    "quality": "How well people and models judge.",
    "reference": "Clients, contracts, people, projects, and what was billed and paid.",
    "review": "The queue, its cases, and decisions on them.",
    "session": "The caller's own: sessions, password, preferences.",
    "syncs": "Sources that work is read from: how they fare, and to have one read now.",
    "talk": "Comments, files, saved views and notifications.",
    "terms": "Clauses proposed and confirmed, and how ceilings were used.",
}
MEANINGS: dict[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("malformed", "The body is no JSON, or a header makes no sense."),
    HTTPStatus.UNAUTHORIZED: ("not-signed-in", "There is no live session or key behind the call."),
    HTTPStatus.FORBIDDEN: ("not-allowed", "The caller is known and lacks a role, scope or wall."),
    HTTPStatus.NOT_FOUND: ("not-found", "It does not exist, or the caller may not see it."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method-not-allowed", "The path has other methods; see Allow."),
    HTTPStatus.CONFLICT: ("conflict", "Somebody or something was faster. Nothing was changed."),
    HTTPStatus.PRECONDITION_FAILED: ("precondition-failed", "It is not what If-Match names."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("request-entity-too-large", "The body is too large."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("unsupported-media-type", "The body is no JSON by name."),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("malformed", "A field is missing, unknown or out of range."),
    HTTPStatus.TOO_MANY_REQUESTS: ("too-many-requests", "The caller's share is used up."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("unexpected", "Something went wrong on our side."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("unavailable", "No work can be taken just now."),
}
"""Every error that can come, with a type it may have and what it says."""
_WAITED_FOR = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def operation_id(route: APIRoute) -> str:
    """Name an operation as its function is named: clients are generated from it."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """Give the whole description; it is made once."""
    document = app.openapi()
    if "responses" in document["components"]:
        return document
    document["info"]["version"] = CURRENT
    document["info"]["description"] = _rules()
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    components = document["components"]
    components["schemas"].setdefault("Problem", Problem.model_json_schema())
    components["responses"] = {_name(status): _response(status) for status in MEANINGS}
    components["parameters"] = _parameters()
    for path, method, operation in operations(document):
        _complete(operation, method=method.upper(), path=path)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every operation of a description with its path and method."""
    for path, described in document["paths"].items():
        for method in sorted(_METHODS & described.keys()):
            yield path, method, described[method]


def errors_of(operation: dict[str, Any], *, method: str, path: str) -> list[HTTPStatus]:
    """Say which errors an operation can give."""
    found = set(_ALWAYS)
    is_secured, has_body = bool(operation.get("security")), "requestBody" in operation
    is_write = takes_key(method, path)
    if is_secured:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if path == "/v1/sessions":
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if "{" in path or is_write:
        found.add(HTTPStatus.NOT_FOUND)
    if is_write:
        found |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
    if has_body:
        found |= {
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }
    named = {one.get("name", "").casefold() for one in operation.get("parameters", [])}
    if named:
        found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if "if-match" in named:
        found.add(HTTPStatus.PRECONDITION_FAILED)
    return sorted(found)


def _complete(operation: dict[str, Any], *, method: str, path: str) -> None:
    responses = operation["responses"]
    for guessed in ("4XX", "422"):
        responses.pop(guessed, None)
    for status in errors_of(operation, method=method, path=path):
        responses[str(int(status))] = {"$ref": f"#/components/responses/{_name(status)}"}
    named = {one.get("name", "").casefold() for one in operation.get("parameters", [])}
    if "if-none-match" in named:
        responses["304"] = {"description": "It still is what If-None-Match names."}
    if not path.startswith("/v1"):
        return
    added = [{"$ref": f"#/components/parameters/{HEADER}"}]
    if takes_key(method, path):
        sample = re.sub(r"\{\w+\}", "x", path)
        needed = "Idempotency-Key" if method == "POST" and needs_key(sample) else "Optional-Key"
        added.append({"$ref": f"#/components/parameters/{needed}"})
    operation.setdefault("parameters", []).extend(added)


def _response(status: HTTPStatus) -> dict[str, Any]:
    kind, text = MEANINGS[status]
    example = {
        "type": f"urn:countersign:problem:{kind}",
        "title": status.phrase,
        "status": int(status),
        "detail": text,
        "instance": "/v1/...",
        "remedy": "What to do about it, in a sentence.",
    }
    described: dict[str, Any] = {
        "description": text,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        },
    }
    if status in _WAITED_FOR:
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    if status is HTTPStatus.UNAUTHORIZED:
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return described


def _parameters() -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Chosen anew for each request, and sent again with its repeats; kept "
        f"{int(KEPT_FOR.total_seconds() // 3_600)} hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        "example": "9b2a6f1e-3f0c-4d53-9f43-0c8f3f0b8a11",
    }
    version = {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "The dated version that the caller was written for.",
        "schema": {"type": "string", "enum": list(VERSIONS)},
    }
    return {"Idempotency-Key": key, "Optional-Key": key | {"required": False}, HEADER: version}


def _rules() -> str:
    return (
        "Within a dated version routes, fields and values are only ever added; a client ignores "
        "what it does not know. What goes away is announced in the headers Deprecation and "
        "Sunset. Every error is a problem (RFC 9457) with a remedy. A write under an "
        "Idempotency-Key has one effect and one answer, however often it is sent. What is edited "
        "carries an ETag; send it as If-Match. Lists go on with next_cursor."
    )


def _name(status: HTTPStatus) -> str:
    return status.phrase.replace(" ", "").replace("-", "")

"""What may be wrong with the files of a bundle, told from their text alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from models.bundle_document import (
    ALWAYS_ASKED,
    DAYS,
    DOCUMENT,
    FORMAT,
    MINUTES,
    BundleDocument,
    file_of,
    file_of_kind,
)
from models.days import STRETCH
from models.features.catalogue import BY_NAME
from models.words_model.columns import WORD_COLUMNS


class UnsoundError(ValueError):
    """Something about the files of a bundle is not as it must be; the message says what."""


def read_document(content: bytes) -> BundleDocument:
    """Read the document, strictly.

    Raises UnsoundError for no JSON, another format, and anything missing, unknown or out of range.
    """
    try:
        stated = json.loads(content).get("format")
    except (ValueError, AttributeError) as error:
        raise UnsoundError(f"{DOCUMENT} is not a JSON object") from error
    if stated != FORMAT:
        raise UnsoundError(
            f"{DOCUMENT} has format {stated!r} and this version reads {FORMAT}: train again with "
            "this version"
        )
    try:
        return BundleDocument.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnsoundError(f"{DOCUMENT}: {place} {first['msg']}") from error


def refuse_other_files(files: Mapping[str, bytes], document: BundleDocument) -> None:
    """Raise UnsoundError unless the files are those that the document speaks of."""
    absent = [question.value for question in ALWAYS_ASKED if question not in document.heads]
    if absent:
        raise UnsoundError(f"{DOCUMENT} lists no head for {absent}")
    if set(files) != document.files:
        raise UnsoundError(f"it holds {sorted(files)} and should hold {sorted(document.files)}")


def refuse_other_features(files: Mapping[str, bytes], document: BundleDocument) -> None:
    """Raise UnsoundError unless every part was trained on features that are known and listed."""
    known = {*BY_NAME, *(WORD_COLUMNS if document.has_words else ())}
    unknown = [name for name in document.features if name not in known]
    if unknown:
        raise UnsoundError(f"it needs features this version does not know: {unknown}")
    for question, head in document.heads.items():
        _refuse_trained_on_others(files, file_of(question), features=document.features)
        if head.line is not None and len(head.line.slopes) != len(document.features):
            raise UnsoundError(f"the line of {question.value} has another length than the vector")
    for question in () if document.join is None else document.join.kinds:
        _refuse_trained_on_others(files, file_of_kind(question), features=document.features)
    if document.days is not None:
        _refuse_unlisted(document.days.features, document=document, name=DAYS)
        _refuse_trained_on_others(files, DAYS, features=(*document.days.features, STRETCH))
    if document.minutes is not None:
        _refuse_unlisted(document.minutes.features, document=document, name=MINUTES)
        _refuse_trained_on_others(files, MINUTES, features=document.minutes.features)


def _refuse_trained_on_others(
    files: Mapping[str, bytes], name: str, *, features: Sequence[str]
) -> None:
    if f"feature_names={' '.join(features)}\n".encode() not in files[name]:
        raise UnsoundError(f"{name} was trained on other features than {DOCUMENT} lists")


def _refuse_unlisted(features: Sequence[str], *, document: BundleDocument, name: str) -> None:
    unlisted = sorted(set(features) - set(document.features))
    if unlisted:
        raise UnsoundError(f"{name} needs features that {DOCUMENT} does not list: {unlisted}")

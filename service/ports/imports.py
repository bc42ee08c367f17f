"""What an import needs of the service, and what the API needs of imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Protocol

from data.schemas.reference import Reference
from data.schemas.values import Record
from service.domain.actor import Actor
from service.wire.assessments import AssessmentResponse
from service.wire.imports import ImportPage, ImportReport, MappingCheck


class ImportDoor(Protocol):
    """The way into the service, under one actor's name."""

    def known(self) -> Reference:
        """Give everything items are checked against, as it stands now."""
        ...

    def put(self, kind: str, objects: Sequence[tuple[str, Record]]) -> int:
        """Take reference objects into use; give how many changed anything."""
        ...

    def assess(self, items: Sequence[dict[str, Any]]) -> AssessmentResponse:
        """Have raw items assessed; the answer is durable."""
        ...


class Imports(Protocol):
    """Imports of uploaded files, done one after the other beside the API."""

    def take(self, *, file: BinaryIO, name: str, mapping: BinaryIO, actor: Actor) -> ImportReport:
        """Take copies into keeping and import them later; give the import as it waits.

        Raises NotAllowedError without the scope that the kind of file needs, and
        InvalidRequestError for a mapping with mistakes.
        """
        ...

    def check(self, mapping: str) -> MappingCheck:
        """Read a mapping without a file. Raises MalformedError with every mistake."""
        ...

    def newest(
        self, *, cursor: str | None, limit: int, is_shown: Callable[[ImportReport], bool]
    ) -> ImportPage:
        """Give a page of the imports that are to be shown, newest first.

        Raises InvalidRequestError for a cursor that this list never gave out.
        """
        ...

    def report(self, import_id: str) -> ImportReport | None:
        """Give an import as far as it has come."""
        ...

    def given_back(self, import_id: str) -> Iterator[bytes]:
        """Give the rows that were not taken, as a CSV file, piece by piece."""
        ...

"""How a connection reads one kind of row: where, page by page, what changed, and as what."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Discriminator, Field, Tag, model_validator

from data.schemas.values import Days, Identifier, Name, Record, UtcTime, Zone
from service.connectors.file_layout import FileKind
from service.connectors.file_mapping import Mapping
from service.connectors.file_record_mapping import RecordMapping
from service.connectors.file_rule import Condition
from service.connectors.rest_auth import HeaderName
from service.connectors.rest_paths import DottedPath, NamedPath
from service.connectors.rest_template import (
    RelativePath,
    Template,
    UnknownBlankError,
    blanks_of,
    refuse_unknown_blanks,
)

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
ISO_SECONDS = "%Y-%m-%dT%H:%M:%SZ"
ISO_DAY = "%Y-%m-%d"
EPOCH = "epoch"
"""The format of times that count seconds since 1970."""
OF_CHANGES = ("since", "window_start", "window_end")
"""Blanks of a request for rows."""
OF_DETAIL = ("id",)

PageSize = Annotated[int, Field(ge=1, le=10_000)]


class OnePage(Record):
    """Everything comes in one answer."""

    kind: Literal["none"] = "none"


class ByOffset(Record):
    """The request says how many rows to skip; it ends with an empty page, or at `total`."""

    kind: Literal["offset"]
    parameter: Name = "offset"
    size_parameter: Name | None = "limit"
    size: PageSize = 100
    total: NamedPath | None = None
    """Where the answer says how many rows there are in all."""


class ByPageNumber(Record):
    """The request names the page; it ends with an empty page, or at `total` rows."""

    kind: Literal["page"]
    parameter: Name = "page"
    first: Annotated[int, Field(ge=0, le=1)] = 1
    size_parameter: Name | None = "per_page"
    size: PageSize = 100
    total: NamedPath | None = None


class ByCursor(Record):
    """Each answer holds the word to ask for the next page with; it ends where there is none."""

    kind: Literal["cursor"]
    parameter: Name = "cursor"
    at: NamedPath
    size_parameter: Name | None = None
    size: PageSize = 100


class ByLink(Record):
    """Each answer's header `Link` names the next page as rel="next" (RFC 8288)."""

    kind: Literal["link"]
    size_parameter: Name | None = None
    size: PageSize = 100


Paging = Annotated[
    OnePage | ByOffset | ByPageNumber | ByCursor | ByLink, Field(discriminator="kind")
]


class Whole(Record):
    """Everything is read each time; a row that is missing was deleted."""

    kind: Literal["whole"] = "whole"


class Since(Record):
    """Only rows changed since the last time are asked for, by the blank `{since}`.

    A deletion is not seen this way, unless the row stays and says so: see `gone_where`.
    """

    kind: Literal["since"]
    column: NamedPath
    """Where a row says when it was changed last."""
    format: Name = ISO_SECONDS
    """How `{since}` is written and `column` is read, as strftime; ISO 8601 is always read."""
    zone: Zone = "UTC"
    """Of times without an offset, both ways."""
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 10
    """Asked for once more each time: a slow transaction commits in the past."""
    start: UtcTime = BEGINNING
    """Nothing changed before is read."""

    def written(self, moment: datetime) -> str:
        """Write a time as the other system reads it."""
        if self.format == EPOCH:
            return str(int(moment.timestamp()))
        return moment.astimezone(ZoneInfo(self.zone)).strftime(self.format)

    def read(self, told: str) -> datetime | None:
        """Read a time as the other system writes it, or in ISO 8601; None where it is neither."""
        if self.format == EPOCH:
            return datetime.fromtimestamp(int(told), UTC) if told.isdigit() else None
        with suppress(ValueError):
            return self._in_utc(datetime.strptime(told, self.format))  # noqa: DTZ007 - its zone is known
        with suppress(ValueError):
            return self._in_utc(datetime.fromisoformat(told))
        return None

    def _in_utc(self, moment: datetime) -> datetime:
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)


class Window(Record):
    """All rows of the days round today are read each time, `{window_start}` to `{window_end}`.

    For systems that cannot be asked for changes. A row of the window that is missing was deleted.
    """

    kind: Literal["window"]
    column: NamedPath
    """Where a row says which day it belongs to."""
    days_back: Annotated[Days, Field(ge=1)] = 66
    """An open billing period of 31 days, and 35 days before it."""
    days_ahead: Days = 31
    format: Name = ISO_DAY

    def days_round(self, today: date) -> tuple[date, date]:
        """Give the first and the last day that are read."""
        return today - timedelta(days=self.days_back), today + timedelta(days=self.days_ahead)

    def read(self, told: str) -> date | None:
        """Read a day as the other system writes it, or in ISO 8601; None where it is neither."""
        with suppress(ValueError):
            return datetime.strptime(told, self.format).date()  # noqa: DTZ007 - a day has no zone
        with suppress(ValueError):
            return date.fromisoformat(told[:10])
        return None


Changes = Annotated[Whole | Since | Window, Field(discriminator="kind")]


class Detail(Record):
    """Each changed row is read once more by itself: lists often leave the inner rows out."""

    path: RelativePath
    """With `{id}`."""
    at: DottedPath = ""
    """Where the row stands in the answer."""


def _kind_of(mapping: Any) -> str:  # noqa: ANN401 - raw YAML, or a mapping
    kind = mapping.get("kind") if isinstance(mapping, dict) else getattr(mapping, "kind", None)
    return "work" if kind in {None, FileKind.TIMESHEETS} else "records"


RowMapping = Annotated[
    Annotated[Mapping, Tag("work")] | Annotated[RecordMapping, Tag("records")],
    Discriminator(_kind_of),
]


class Entity(Record):
    """One kind of row of the other system."""

    path: RelativePath
    method: Literal["GET", "POST"] = "GET"
    query: dict[Name, Template] = Field(default_factory=dict)
    body: dict[Name, Any] | None = None
    """Of a POST; parameters of paging go in here."""
    headers: dict[HeaderName, Template] = Field(default_factory=dict)
    rows: DottedPath = ""
    """Where the list of rows stands in an answer."""
    id: NamedPath = "id"
    """Where a row has the id it keeps for ever."""
    paging: Paging = OnePage()
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 1_000
    """A pull of more pages is refused, never cut short."""
    changes: Changes = Whole()
    detail: Detail | None = None
    children: NamedPath | None = None
    """A list inside each row that holds what is mapped; its names begin with this one."""
    gone_where: tuple[Condition, ...] = ()
    """A row that fulfils every condition counts as deleted."""
    mapping: RowMapping
    """As for files: which of a row's dotted names fills which field."""

    @model_validator(mode="after")
    def _request_fits(self) -> Entity:
        asked = (self.path, self.query, self.body or {}, self.headers)
        try:
            refuse_unknown_blanks(asked, known=OF_CHANGES)
            refuse_unknown_blanks(self.detail.path if self.detail else "", known=OF_DETAIL)
        except UnknownBlankError as error:
            raise ValueError(str(error)) from error
        if self.body is not None and self.method == "GET":
            raise ValueError("has a body for GET; write `method: POST`, or a query")
        needed = {"since": {"since"}, "window": {"window_start"}, "whole": set[str]()}
        missing = needed[self.changes.kind] - set(blanks_of(asked))
        if missing:
            raise ValueError(
                f"asks for changes by {self.changes.kind}, and no query or body has the blank "
                f"{{{missing.pop()}}}; put it where the other system expects the time"
            )
        return self

    @model_validator(mode="after")
    def _kind_can_be_synced(self) -> Entity:
        if self.mapping.kind is FileKind.RATE_CARD:
            raise ValueError(
                "maps a rate card, which is part of a contract; import it as a file, or write it "
                "into the terms file"
            )
        if self.mapping.join is not None:
            raise ValueError("joins a file; a connection has none: take `join` away")
        return self


EntityName = Identifier

"""How Tryton writes dates, durations and money in JSON, both ways, without a float for money."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

DATETIME_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")

Values = dict[str, Any]
"""A record as decoded from Tryton: field name to value, related records nested."""


class UnknownValueError(ValueError):
    """Tryton sent a kind of value this connector does not read."""

    def __init__(self, kind: object) -> None:
        super().__init__(
            f"Tryton sent a value of class {kind!r}, which this connector does not read; "
            "leave the field out of the request"
        )
        self.kind = kind


def decoded(text: str) -> Any:  # noqa: ANN401 - any JSON document
    """Read a reply: datetimes aware in UTC, money and every other fraction as Decimal."""
    return json.loads(text, object_hook=_typed, parse_float=Decimal)


def encoded(content: object) -> str:
    """Write a request body or parameter."""
    return json.dumps(content, default=_spelled)


def header_text(content: object) -> str:
    """Write a domain, an order or a context as the address line and the headers take it."""
    return base64.urlsafe_b64encode(encoded(content).encode()).decode()


def _typed(values: Values) -> Any:  # noqa: ANN401 - a record or one typed value
    match values.get("__class__"):
        case None:
            return values
        case "Decimal":
            return Decimal(values["decimal"])
        case "date":
            return date(values["year"], values["month"], values["day"])
        case "datetime":
            return datetime(**{part: values[part] for part in DATETIME_PARTS}, tzinfo=UTC)
        case "timedelta":
            return timedelta(microseconds=int(Decimal(values["seconds"]) * 1_000_000))
        case kind:
            raise UnknownValueError(kind)


def _spelled(value: object) -> Values:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case datetime():
            moment = value.astimezone(UTC)
            return {
                "__class__": "datetime",
                **{part: getattr(moment, part) for part in DATETIME_PARTS},
            }
        case date():
            return {
                "__class__": "date", "year": value.year, "month": value.month, "day": value.day,
            }  # fmt: skip
        case timedelta():
            return {"__class__": "timedelta", "seconds": value.total_seconds()}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be sent to Tryton")

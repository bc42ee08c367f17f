"""Asks for members of JSON that is kept as text: SQLite reads the text, PostgreSQL wants a cast."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias


class AsJson(FunctionElement[Any]):
    """A text column read as JSON; `AsJson(column)["name"].as_string()` is one member."""

    type = JSON()  # type: ignore[mutable-override]  # SQLAlchemy declares it so
    name = "as_json"
    inherit_cache = True  # type: ignore[mutable-override]  # SQLAlchemy declares it so


class _Elements(FunctionElement[Any]):
    name = "json_elements"
    inherit_cache = True  # type: ignore[mutable-override]  # SQLAlchemy declares it so


def whole_number(column: ColumnElement[Any], *path: str) -> ColumnElement[int]:
    """Give a member that is an integer, of up to 64 bits, by the names that lead to it."""
    return cast(AsJson(column)[path].as_string(), BigInteger)


def length_of(column: ColumnElement[Any], name: str) -> ColumnElement[int]:
    """Give how many elements a member has that is an array."""
    length: ColumnElement[int] = func.json_array_length(AsJson(column)[name])
    return length


def elements_of(column: ColumnElement[Any], name: str) -> TableValuedAlias:
    """Give a row for each element of an array, in the column `value`."""
    return _Elements(AsJson(column)[name]).table_valued("value")


@compiles(AsJson, "sqlite")
def _text_itself(element: AsJson, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return compiler.process(element.clauses, **more)


@compiles(AsJson, "postgresql")
def _text_cast(element: AsJson, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"CAST({compiler.process(element.clauses, **more)} AS JSON)"


@compiles(_Elements, "sqlite")
def _each(element: _Elements, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Elements, "postgresql")
def _array_elements(element: _Elements, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"json_array_elements({compiler.process(element.clauses, **more)})"

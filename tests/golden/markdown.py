"""What the written pages share: tables, and the texts that stand below attributes."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from itertools import pairwise


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Give a table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def words(kind: Iterable[str]) -> str:
    """Give names as code, one after the other."""
    return ", ".join(f"`{word}`" for word in kind)


def in_one_line(text: str | None) -> str:
    """Give a docstring as running text."""
    return " ".join((text or "").split())


def attribute_docs(cls: type) -> dict[str, str]:
    """Give the string below each attribute, which Python itself throws away."""
    body = ast.parse(inspect.getsource(cls)).body[0].body
    docs = {}
    for one, following in pairwise(body):
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(one, ast.AnnAssign) and is_text:
            docs[one.target.id] = in_one_line(following.value.value)
    return docs

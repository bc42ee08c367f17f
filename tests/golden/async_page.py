"""Writes service/async_client.py from the calls: `python -m tests.golden.async_page`.

Each call is written once, in service/calls; here every one becomes `async` and awaits its answer.
"""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from service.client import CountersignClient

PAGE = Path(__file__).resolve().parents[2] / "service" / "async_client.py"
READ = "_read"
"""The one method of a client that waits for nothing."""
OPEN = "**filters: Any) -> bytes:"
HEAD = '''"""The typed client of the API for asynchronous programs.

Written from service/calls by `python -m tests.golden.async_page`; a test holds it there.
"""
'''
CLIENT = '"""Everything the API offers, typed, for one event loop."""'


@dataclass(frozen=True)
class AsyncCalls:
    """What a module of calls says, however it is laid out."""

    classes: tuple[str, ...]

    @classmethod
    def of(cls, source: str) -> AsyncCalls:
        """Read a module."""
        body = ast.parse(source).body
        return cls(tuple(ast.unparse(one) for one in body if isinstance(one, ast.ClassDef)))


class _Awaiting(ast.NodeTransformer):
    """Turns one class of calls into its asynchronous twin."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        node.name = f"Async{node.name}"
        node.bases = [ast.Name("AsyncApiCalls")]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AsyncFunctionDef:
        self.generic_visit(node)
        fields = {name: getattr(node, name) for name in node._fields}
        return ast.copy_location(ast.AsyncFunctionDef(**fields), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        called = node.func
        is_own = isinstance(called, ast.Attribute) and ast.unparse(called.value) == "self"
        is_asked = is_own and called.attr != READ
        return ast.Await(node) if is_asked else node


def async_page() -> str:
    """The module, before it is formatted."""
    parts = CountersignClient.__bases__
    trees = [ast.parse(inspect.getsource(inspect.getmodule(part))) for part in parts]
    imports: set[str] = {"from service.calls.async_http import AsyncApiCalls"}
    classes = []
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ImportFrom | ast.Import):
                imports |= set(_imports(node))
            elif isinstance(node, ast.ClassDef):
                classes.append(ast.unparse(_Awaiting().visit(node)))
    names = ", ".join(f"Async{part.__name__}" for part in parts)
    client = f"class AsyncCountersignClient({names}):\n    {CLIENT}"
    ordered = sorted(imports - {"from __future__ import annotations"})
    lines = [HEAD, "from __future__ import annotations", *ordered, *classes, client]
    return "\n".join(lines).replace(OPEN, f"{OPEN}  # noqa: ANN401") + "\n"


def _imports(node: ast.ImportFrom | ast.Import) -> list[str]:
    if isinstance(node, ast.Import):
        return [f"import {one.name}" for one in node.names]
    names = [one.name for one in node.names if one.name != "ApiCalls"]
    return [f"from {node.module} import {name}" for name in names]


if __name__ == "__main__":
    PAGE.write_text(async_page(), encoding="utf-8")
    for step in (["format", "-q"], ["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(PAGE)], check=False)

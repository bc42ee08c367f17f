"""A connection file is read whole: every mistake with its line, why, and what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.connectors.rest_file import connection_schema, read_connection
from service.connectors.yaml_file import FileMistakesError
from tests.connectors.declared import ADDRESS, written

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "connections"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind: bearer": "kind: bearrer"}, "did you mean 'bearer'?"),
        ({"secret: worklog_token": "secret: 'a secret itself!'"}, "auth"),
        ({"rows: data.items": "row: data.items"}, "did you mean 'rows'?"),
        ({"path: work/hours": "path: https://elsewhere.example/x"}, "path"),
        ({"path: work/hours": "path: /work/hours"}, "path"),
        ({'"{since}"': '"2026-01-01"'}, "no query or body has the blank {since}"),
        ({'"{since}"': '"{sinse}"'}, "the blank {sinse}, which nothing fills"),
        ({'{ref: "{token}"}, rows': "{}, rows"}, "without it a bill is not found again"),
        ({", {content}": ""}, "put it at the end of a text field"),
        ({"  currency: USD\n  states": "  states"}, "money in major units without a currency"),
        ({'buyer: "{client}"': 'buyer: "{line.amount}"'}, "put it inside for_each_line"),
        ({"posted, settled": "bookd, settled"}, "states"),
        ({"source: worklog": "source: other"}, "write the same name"),
        ({ADDRESS: "http://erp.example.com/"}, "sends secrets in the open; write https://"),
        ({ADDRESS: "https://ana:pw@erp.example.com/"}, "put them under `auth`, as a secret"),
        ({ADDRESS: "https://169.254.169.254/latest/"}, "may not be called"),
        ({ADDRESS: "https://2130706433/"}, "may not be called"),
        ({ADDRESS: "ftp://erp.example.com/"}, "write it as https://"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(tmp_path, change, told):
    with pytest.raises(FileMistakesError) as found:
        read_connection(written(tmp_path, change=change))
    text = str(found.value)
    assert told in text
    assert "line " in text


def test_several_mistakes_are_told_at_once(tmp_path):
    change = {"kind: page": "kind: pages", "{kind: since, column: modified}": "{kind: sometimes}"}
    with pytest.raises(FileMistakesError, match="2 mistake"):
        read_connection(written(tmp_path, change=change))


def test_the_schema_names_every_part_of_a_file():
    schema = json.loads(connection_schema())
    assert {"name", "base_url", "auth", "entities", "ledger"} <= set(schema["properties"])


def test_the_schema_beside_the_shipped_connections_is_the_one_in_force():
    shipped = (SHIPPED / "connection.schema.json").read_text("utf-8")
    assert shipped == connection_schema(), "run: countersign connection schema > (that file)"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_connection_is_sound(path):
    connection = read_connection(path)
    assert connection.name == path.stem

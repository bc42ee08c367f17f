"""Labelled clauses are read from long and wide sets, and what cannot be read is told by row."""

from __future__ import annotations

import json

import pytest

from service.connectors.clause_sets import (
    UnreadableClausesError,
    read_clause_mapping,
    read_clause_set,
)
from service.connectors.yaml_file import FileMistakesError

WIDE = "contract: File\nlabel_columns: [Cap, Law]\nmin_characters: 5\nkinds: {Cap: not_to_exceed}\n"
LONG = "format: {}\ncontract: doc\ntext: clause\nlabel: kind\n"


@pytest.fixture
def mapping(tmp_path):
    def write(text):
        path = tmp_path / "mapping.yaml"
        path.write_text(text)
        return read_clause_mapping(path)

    return write


@pytest.fixture
def held(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_wide_set_has_a_column_for_each_label_and_lists_in_its_cells(mapping, held):
    file = held(
        "wide.csv",
        "File,Cap,Law\nA.pdf,\"['Fees are capped.', 'x']\",[]\nB.pdf,,The laws of\u2028Austria\n",
    )
    found = read_clause_set(file, mapping=mapping(WIDE))
    assert [(one.contract, one.label, one.text) for one in found.clauses] == [
        ("A.pdf", "not_to_exceed", "Fees are capped."),
        ("B.pdf", "Law", "The laws of\u2028Austria"),
    ]
    assert found.left_out == 1


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson"])
def test_a_long_set_has_a_row_for_each_clause(mapping, held, kind):
    row = {"doc": "A", "clause": "Fees are capped.", "kind": "Cap"}
    written = {
        "csv": "doc,clause,kind\nA,Fees are capped.,Cap\n",
        "json": json.dumps([row]),
        "ndjson": json.dumps(row) + "\n\n",
    }[kind]
    found = read_clause_set(held(f"long.{kind}", written), mapping=mapping(LONG.format(kind)))
    assert [(one.contract, one.label, one.text) for one in found.clauses] == [
        ("A", "Cap", "Fees are capped.")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("doc,clause\nA,Fees\n", "row 2 has no column 'kind'; name one of doc, clause"),
        ("doc,clause,kind\n", "holds no clause; check the columns"),
        ("", "holds no clause"),
    ],
)
def test_what_cannot_be_read_is_told(mapping, held, text, told):
    with pytest.raises(UnreadableClausesError, match=told):
        read_clause_set(held("long.csv", text), mapping=mapping(LONG.format("csv")))


def test_a_cell_that_begins_a_list_and_is_none_is_told_with_its_row(mapping, held):
    file = held("wide.csv", "File,Cap,Law\nA.pdf,[broken,\n")
    with pytest.raises(UnreadableClausesError, match="row 2, column 'Cap': is no list of texts"):
        read_clause_set(file, mapping=mapping(WIDE))


@pytest.mark.parametrize(("kind", "text"), [("json", "{}"), ("json", "["), ("ndjson", "[1]")])
def test_json_of_another_shape_is_told(mapping, held, kind, text):
    with pytest.raises(UnreadableClausesError):
        read_clause_set(held("long.json", text), mapping=mapping(LONG.format(kind)))


@pytest.mark.parametrize(
    "text",
    [
        "contract: doc\n",
        "contract: doc\ntext: a\nlabel: b\nlabel_columns: [c]\n",
        "contract: doc\ntext: a\n",
    ],
)
def test_a_mapping_names_one_shape(mapping, text):
    with pytest.raises(FileMistakesError, match="write text and label, or label_columns alone"):
        mapping(text)

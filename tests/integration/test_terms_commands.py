"""`countersign terms ...`, run as a person runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.schemas.contracts import Contract
from data.schemas.proposals import Proposal
from data.schemas.vocabulary import Role
from service.cli import app
from service.commands.add_person import add_person
from service.commands.opened import opened
from tests.builders.databases import DATABASES, settings_over
from tests.builders.proposals import DOCUMENT

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "samples" / "terms" / "milestones.yaml"
BROKEN = ROOT / "tests" / "broken" / "terms" / "unknown_names.yaml"
CONTRACT = "harbour-gates"


@pytest.fixture(scope="module")
def run():
    def invoke(*arguments, **more):
        return CliRunner().invoke(app, ["terms", *(str(one) for one in arguments)], **more)

    return invoke


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, run):
    """A home that knows the sample of terms and an approver."""
    home = tmp_path_factory.mktemp("terms") / "home"
    put = run("put", SAMPLE, "--home", home, "--json")
    assert put.exit_code == 0, put.output
    assert json.loads(put.stdout)["changed"] == 2
    add_person(
        settings_over(home), login="anna", name="Anna", password="correct horse battery",
        roles=[Role.APPROVER],
    )  # fmt: skip
    return home


@pytest.fixture
def home(prepared, tmp_path):
    """A copy, so that each test changes its own."""
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    DATABASES.copy(prepared, to=home)
    return home


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "contract.txt"
    path.write_text(DOCUMENT)
    return path


def contract_in(home):
    with opened(settings_over(home)) as work, work() as uow:
        return Contract.model_validate_json(uow.references.get("contracts", CONTRACT))


def test_a_file_without_mistakes_ends_with_0_and_one_with_mistakes_with_1(run):
    assert run("check", SAMPLE).exit_code == 0
    broken = run("check", BROKEN)
    assert broken.exit_code == 1
    assert f"{BROKEN}:5:5: mistake: terms.0.client_id: acmee: " in broken.stdout
    report = json.loads(run("check", BROKEN, "--json").stdout)
    assert (report["is_usable"], len(report["mistakes"])) == (False, 4)


def test_a_file_with_mistakes_is_not_taken_into_use(run, tmp_path):
    refused = run("put", BROKEN, "--home", tmp_path / "home")
    assert refused.exit_code == 1
    assert "unknown_names.yaml has 4 mistake(s)" in refused.stderr


def test_taking_the_same_terms_again_changes_nothing(run, home):
    assert json.loads(run("put", SAMPLE, "--home", home, "--json").stdout)["changed"] == 0


def test_a_document_is_proposed_listed_confirmed_and_dismissed(run, home, document):
    answer = json.loads(run("propose", CONTRACT, document, "--home", home, "--json").stdout)
    assert len(answer["proposals"]) == 3
    listed = run("proposals", CONTRACT, "--home", home, "--json").stdout.splitlines()
    ids = {one.draft.kind: one.id for one in map(Proposal.model_validate_json, listed)}
    before = contract_in(home)
    password = {"input": "correct horse battery\n"}
    by_anna = ("--home", home, "--login", "anna")
    assert run("confirm", ids["working_time"], *by_anna, **password).exit_code == 0
    needs = run("confirm", ids["key_personnel"], *by_anna, **password)
    assert needs.exit_code == 1
    assert "does not give approved" in needs.stderr
    given = '{"kind": "not_to_exceed", "limit_minor": 9000000}'
    assert (
        run("confirm", ids["not_to_exceed"], *by_anna, "--terms", given, **password).exit_code == 0
    )
    turned_down = run(
        "dismiss", ids["key_personnel"], *by_anna, "--reason", "agreed otherwise", **password
    )
    assert turned_down.exit_code == 0
    new = contract_in(home).clauses[len(before.clauses) :]
    assert [one.confirmed_by for one in new] == ["person-anna", "person-anna"]
    assert new[1].terms.limit_minor == 9_000_000
    confirmed = contract_in(home)
    assert json.loads(run("put", SAMPLE, "--home", home, "--json").stdout)["changed"] == 0
    assert contract_in(home) == confirmed
    left = run("proposals", CONTRACT, "--home", home, "--status", "proposed").stdout
    assert left == ""


def test_a_wrong_password_confirms_nothing(run, home, document):
    answer = json.loads(run("propose", CONTRACT, document, "--home", home, "--json").stdout)
    first = answer["proposals"][0]["id"]
    refused = run("confirm", first, "--home", home, "--login", "anna", input="wrong\n")
    assert refused.exit_code == 1
    assert "Name and password do not fit" in refused.stderr


def test_a_dismissal_says_why(run, home, document):
    answer = json.loads(run("propose", CONTRACT, document, "--home", home, "--json").stdout)
    refused = run(
        "dismiss", answer["proposals"][0]["id"], "--home", home, "--login", "anna", "--reason", " ",
        input="correct horse battery\n",
    )  # fmt: skip
    assert refused.exit_code == 2
    assert "--reason is empty" in refused.stderr


def test_a_locked_log_in_says_how_long(run, home, document):
    answer = json.loads(run("propose", CONTRACT, document, "--home", home, "--json").stdout)
    first = answer["proposals"][0]["id"]
    for _ in range(6):
        refused = run("confirm", first, "--home", home, "--login", "anna", input="wrong\n")
    assert "Too many attempts. Try again in " in refused.stderr
    assert "in 0 seconds" not in refused.stderr


def test_a_wrong_id_is_told_for_the_shell(run, home):
    refused = run("proposals", "harbour-gate", "--home", home)
    assert refused.exit_code == 1
    assert "There is no contract 'harbour-gate'" in refused.stderr
    assert "names the right folder" in refused.stderr


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("contract.pdf", b"%PDF-1.7", "pdftotext"),
        ("contract.docx", b"PK", "save it as .txt"),
        ("contract.txt", b"\xff\xfe", "not written in UTF-8"),
    ],
)
def test_what_is_no_text_is_told_with_the_way_to_text(run, home, tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content)
    refused = run("propose", CONTRACT, path, "--home", home)
    assert refused.exit_code == 1
    assert told in refused.stderr


def test_a_labelled_set_is_learned_and_then_proposes(run, home, tmp_path):
    rows = [
        {"doc": f"D{number}", "text": f"{text} ({number})", "label": label}
        for number in range(6)
        for text, label in (
            ("The tide table governs when the gates may open", "other"),
            ("Dockers work at most ten hours in a shift of the harbour", "day"),
        )
    ]
    (tmp_path / "set.json").write_text(json.dumps(rows))
    (tmp_path / "mapping.yaml").write_text(
        "format: json\ncontract: doc\ntext: text\nlabel: label\nkinds: {day: working_time}\n"
    )
    learned = run(
        "learn", tmp_path / "set.json", "--mapping", tmp_path / "mapping.yaml", "--home", home,
        "--folds", 3, "--json",
    )  # fmt: skip
    assert json.loads(learned.stdout)["macro_f1"] == 1.0
    (tmp_path / "shift.txt").write_text("Dockers work at most ten hours in a shift.")
    answer = json.loads(
        run("propose", CONTRACT, tmp_path / "shift.txt", "--home", home, "--json").stdout
    )
    (made,) = answer["proposals"]
    assert made["draft"]["terms"] == {"kind": "working_time", "max_daily_minutes": 600}
    assert made["draft"]["proposed_by"].startswith("clauses:learned-")


def test_the_printed_schema_is_json(run):
    assert json.loads(run("schema").stdout)["title"] == "TermsFile"

"""What outsiders read is true: the reference, the picture of a case's life, every named file."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from data.schemas.batch import parse_items
from data.schemas.vocabulary import AuditEvent
from service.domain.case import TRANSITIONS
from tests.conformance.test_every_code import FORTY, rows_of
from tests.golden import exceptions_page, reference_page

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_reference_page_is_what_the_code_says() -> None:
    written = reference_page.PAGE.read_text(encoding="utf-8")
    assert written == reference_page.reference_page(), (
        "run `python -m tests.golden.reference_page` and read the difference"
    )


def test_page_of_exceptions_is_what_the_code_says() -> None:
    written = exceptions_page.PAGE.read_text(encoding="utf-8")
    assert written == exceptions_page.exceptions_page(), (
        "run `python -m tests.golden.exceptions_page` and read the difference"
    )


@pytest.mark.parametrize("short_id", FORTY)
def test_every_case_has_the_sign_that_the_page_of_exceptions_says(short_id: str) -> None:
    kind, rows = rows_of(short_id)
    signs = {minor > 0 for row in rows for minor in row.expected.values() if minor}
    if kind.code not in exceptions_page.EITHER:
        assert signs <= {kind.code not in exceptions_page.LEAKS}


def test_readme_draws_the_life_of_a_case_as_the_code_lives_it() -> None:
    drawn = set(re.findall(r"^ {4}(\w+) --> (\w+)$", README, flags=re.MULTILINE))
    lived = {(start.value, end.value) for start, ends in TRANSITIONS.items() for end in ends}
    assert drawn == lived


def test_every_file_the_documents_name_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not missing


def test_events_of_the_straight_line_are_events_of_the_trail() -> None:
    table = README.split("## The straight line")[1].split("##")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("|")]
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row[-2])}
    assert named <= {event.value for event in AuditEvent}


def test_the_example_request_is_one_the_api_understands() -> None:
    body = json.loads((ROOT / "docs" / "examples" / "assessment.json").read_text())
    batch = parse_items(body["items"])
    assert len(batch.accepted) == 1
    assert not batch.rejected


def test_git_does_not_swallow_the_source_folders() -> None:
    for path in ("data/schemas/values.py", "models/assess.py"):
        ignored = subprocess.run(
            ["git", "check-ignore", path], cwd=ROOT, capture_output=True, check=False
        )
        assert ignored.returncode == 1

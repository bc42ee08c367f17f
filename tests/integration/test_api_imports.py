"""Files over HTTP: uploaded, imported beside the API, reported on, continued after a restart."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import httpx2
import pytest

from service.client import CountersignClient
from tests.builders.api import running_api
from tests.builders.firms import small_firm

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
PATIENCE_SECONDS = 60.0


def upload(api, file, mapping, *, who="full-key", name=None):
    mapping_text = mapping if isinstance(mapping, str) else mapping.read_text(encoding="utf-8")
    content = file.read_bytes() if isinstance(file, Path) else file
    files = {
        "file": (name or getattr(file, "name", "upload.csv"), content),
        "mapping": ("mapping.yaml", mapping_text),
    }
    return api.call(who, "POST", "/v1/imports", files=files)


def ended(api, import_id):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        report = api.call("read-key", "GET", f"/v1/imports/{import_id}").json()
        if report["phase"] in {"done", "failed"}:
            return report
        time.sleep(0.05)
    raise AssertionError(f"{import_id} did not end: {report}")


TIMESHEETS = SAMPLES / "timesheets.csv"
MAPPING = SAMPLES / "mappings" / "timesheets.yaml"


@pytest.fixture(scope="module")
def imported(api):
    """The sample of time, uploaded and imported once."""
    answer = upload(api, TIMESHEETS, MAPPING)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/imports/{answer.json()['id']}"
    return ended(api, answer.json()["id"])


def test_an_upload_is_answered_at_once_and_imported_after(imported):
    assert imported["phase"] == "done"
    assert imported["rows_received"] == imported["rows_accepted"] + imported["rows_rejected"] == 8
    assert imported["items"] == imported["assessed"] == 4
    assert imported["records_changed"] == imported["records"] > 0


def test_the_rows_not_taken_are_given_as_csv_with_their_cells(api, imported):
    answer = api.call("read-key", "GET", f"/v1/imports/{imported['id']}/rejections")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["row"], row["field"], row["file: Name"]) for row in rows] == [
        ("7", "Hours", "Olaf Bern"),
        ("9", "Date", "Mara Lind"),
    ]
    assert all(row["reason"] and row["remedy"] for row in rows)


def test_the_same_file_uploaded_again_changes_nothing(api, imported):
    answer = upload(api, TIMESHEETS, MAPPING)
    assert answer.json()["id"] == imported["id"]
    report = ended(api, imported["id"])
    assert (report["assessed"], report["unchanged"], report["cases"]) == (0, 4, 0)
    assert report["records_changed"] == 0


def test_typed_client_uploads_and_reads_the_report(api, imported):
    def forward(request: httpx2.Request) -> httpx2.Response:
        answer = api.client.request(
            request.method,
            str(request.url),
            headers=dict(request.headers),
            content=request.read(),
        )
        return httpx2.Response(answer.status_code, content=answer.content)

    transport = httpx2.MockTransport(forward)
    with (
        CountersignClient("http://testserver", token="full-key", transport=transport) as client,
        TIMESHEETS.open("rb") as file,
    ):
        begun = client.start_import(file, name=TIMESHEETS.name, mapping=MAPPING.read_text())
        assert begun.id == imported["id"]
        ended(api, begun.id)
        assert client.import_report(begun.id).rows_rejected == 2
        assert b"Olaf Bern" in client.import_rejections(begun.id)


def test_reference_data_needs_its_own_scope(api):
    people, mapping = SAMPLES / "people.csv", SAMPLES / "mappings" / "people.yaml"
    refused = upload(api, people, mapping, who="assess-key")
    assert refused.status_code == 403
    assert "'reference'" in refused.json()["detail"]
    report = ended(api, upload(api, people, mapping, who="reference-key").json()["id"])
    assert (report["rows_rejected"], report["records"], report["items"]) == (1, 3, 0)
    assert api.call("read-key", "GET", "/v1/people/P1").json()["certificates"][0]["name"] == "PMP"


def test_a_key_without_any_scope_to_write_may_not_upload(api):
    assert upload(api, TIMESHEETS, MAPPING, who="read-key").status_code == 403
    assert upload(api, TIMESHEETS, MAPPING, who=None).status_code == 401


def test_a_key_for_items_alone_brings_no_contracts_along(api):
    text = MAPPING.read_text().replace("source: timesheets", "source: elsewhere")
    file = TIMESHEETS.read_text().replace("Kiln", "Oven").replace("Silo", "Oven")
    report = ended(api, upload(api, file.encode(), text, who="assess-key").json()["id"])
    assert (report["records"], report["items_rejected"]) == (0, report["items"])
    answer = api.call("read-key", "GET", f"/v1/imports/{report['id']}/rejections")
    assert "no such contract is known" in answer.text


def test_a_mapping_with_mistakes_is_refused_at_once(api):
    wrong = MAPPING.read_text().replace("unit: hours", "unit: days").replace("Europe/", "Europa/")
    answer = upload(api, TIMESHEETS, wrong)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == [
        "mapping, line 12, fields.minutes_worked.unit",
        "mapping, line 20, terms.zone",
    ]


def test_a_part_that_is_missing_is_named(api):
    answer = api.call("full-key", "POST", "/v1/imports", files={"file": ("a.csv", b"id\n1\n")})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("mapping = ")


def test_a_file_that_cannot_be_read_fails_with_its_reason(api):
    answer = upload(api, b"Id;Id\n1;2\n", MAPPING, name="twice.csv")
    report = ended(api, answer.json()["id"])
    assert report["phase"] == "failed"
    assert report["error"] == "twice.csv: names the column 'Id' twice in row 1; rename one"


def test_an_import_nobody_knows_is_not_found(api):
    assert api.call("read-key", "GET", "/v1/imports/imp-none").status_code == 404
    assert api.call("read-key", "GET", "/v1/imports/..%2F..%2Fsecrets").status_code == 404


def test_an_upload_may_be_larger_than_other_bodies(api):
    text = TIMESHEETS.read_text() + "".join(
        f"{number};Ines Roth;02.03.2026;Kiln;Design;consultant;0;yes;140,00;{'x' * 200}\n"
        for number in range(100, 12_000)
    )
    assert len(text) > 2_000_000
    assert upload(api, text.encode(), MAPPING).status_code == 202


def test_an_import_that_a_restart_cut_off_is_continued(tmp_path):
    home = tmp_path / "home"
    with running_api(home, reference=small_firm().reference) as api:
        uploads = api.app.state.imports
        uploads.stop()  # as if the process died before the import began
        import_id = upload(api, TIMESHEETS, MAPPING).json()["id"]
        assert api.call("read-key", "GET", f"/v1/imports/{import_id}").json()["phase"] == "waiting"
    with running_api(home, reference=small_firm().reference) as api:
        report = ended(api, import_id)
    assert (report["phase"], report["assessed"]) == ("done", 4)

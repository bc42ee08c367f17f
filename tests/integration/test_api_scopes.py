"""Keys held to groups of objects: what each opens, by route and by file, and its refusals."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import Scope
from service.connectors.file_layout import FileKind
from service.domain.account import ApiKey
from service.domain.actor import Actor
from service.domain.object_groups import GROUPS, ObjectGroup, group_of_kind, group_of_route
from service.usecases.people.log_in import hash_of
from service.usecases.terms.put_reference import KINDS
from tests.builders.contracts import contract, person
from tests.builders.items import timesheet
from tests.integration.test_api_imports import MAPPING, SAMPLES, TIMESHEETS, ended, upload

PEOPLE, PEOPLE_MAPPING = SAMPLES / "people.csv", SAMPLES / "mappings" / "people.yaml"


@pytest.fixture(scope="module")
def key_of(api):
    """Makes a key of the given scopes, named by them."""

    def make(*scopes):
        name = "+".join(sorted(scopes))
        key = ApiKey(id=name, name=name, key_sha256=hash_of(name), scopes=frozenset(scopes))
        with api.opener() as uow:
            uow.accounts.save_key(key)
        return name

    return make


def test_a_key_of_one_group_reads_and_writes_it_and_nothing_of_another(api, key_of):
    people = key_of(Scope.RESOURCES_READ, Scope.RESOURCES_WRITE)
    body = person(id="P-scoped").model_dump(mode="json")
    assert api.call(people, "PUT", "/v1/people/P-scoped", json=body).status_code == 200
    assert api.call(people, "GET", "/v1/people/P-scoped").json()["id"] == "P-scoped"
    terms = contract(id="C-scoped").model_dump(mode="json")
    refused = api.call(people, "PUT", "/v1/contracts/C-scoped", json=terms)
    assert refused.status_code == 403
    assert refused.json()["detail"] == "This needs the scope 'contracts:write' or 'reference'."
    assert refused.json()["remedy"].startswith("Ask an administrator for the scope 'contracts:wri")
    assert api.call("full-key", "GET", "/v1/contracts/C-scoped").status_code == 404


def test_writing_is_no_reading(api, key_of):
    answer = api.call(key_of(Scope.BILLING_WRITE), "GET", "/v1/cases")
    assert answer.status_code == 403
    assert "'billing:read' or 'read'" in answer.json()["detail"]


def test_a_key_for_billing_submits_items(api, key_of):
    answer = api.assess(timesheet(external_id="by-scope"), who=key_of(Scope.BILLING_WRITE))
    assert answer.json()["received"] == 1


def test_a_file_is_taken_from_whoever_may_write_what_it_is_about(api, key_of):
    refused = upload(api, PEOPLE, PEOPLE_MAPPING, who=key_of(Scope.CONTRACTS_WRITE))
    assert refused.status_code == 403
    assert "'resources:write' or 'reference'" in refused.json()["detail"]
    taken = upload(api, PEOPLE, PEOPLE_MAPPING, who=key_of(Scope.RESOURCES_WRITE))
    assert ended(api, taken.json()["id"])["records"] == 3


def test_a_file_of_work_brings_no_contracts_along_for_a_key_of_billing(api, key_of):
    text = MAPPING.read_text().replace("source: timesheets", "source: by-billing")
    file = TIMESHEETS.read_text().replace("Kiln", "Hearth").replace("Silo", "Hearth").encode()
    sent = upload(api, file, text, who=key_of(Scope.BILLING_WRITE, Scope.RESOURCES_WRITE))
    report = ended(api, sent.json()["id"])
    assert (report["records"], report["items_rejected"]) == (0, report["items"])
    whole = key_of(*(Scope(f"{group}:write") for group in ObjectGroup))
    taken = ended(api, upload(api, file, text, who=whole).json()["id"])
    assert taken["records"] > 0


def test_imports_are_shown_to_whoever_reads_what_they_are_about(api, key_of):
    import_id = upload(api, PEOPLE, PEOPLE_MAPPING).json()["id"]
    ended(api, import_id)
    work = ended(api, upload(api, TIMESHEETS, MAPPING).json()["id"])["id"]
    resources, billing = key_of(Scope.RESOURCES_READ), key_of(Scope.BILLING_READ)
    shown = api.call(resources, "GET", "/v1/imports").json()["imports"]
    assert {one["kind"] for one in shown} == {"people"}
    assert api.call(billing, "GET", f"/v1/imports/{work}").status_code == 200
    refused = api.call(billing, "GET", f"/v1/imports/{import_id}/rejections")
    assert refused.status_code == 403
    assert "'resources:read' or 'read'" in refused.json()["detail"]


def test_every_kind_of_reference_data_and_of_file_stands_in_the_table():
    kinds = {*KINDS, *FileKind}
    assert {kind for kind in kinds if kind.replace("_", "-") not in GROUPS} == set()
    assert {kind for kind in kinds if group_of_kind(kind) is None} == {"regions"}


def test_what_nobody_grouped_needs_a_scope_that_knows_no_groups():
    assert group_of_route("/v1/ledger/{name:path}") is None
    narrow = Actor(id="k", name="K", key_scopes=frozenset(Scope) - {Scope.READ})
    assert not narrow.may(Scope.READ, group=group_of_route("/v1/ledger/{name:path}"))


@pytest.mark.parametrize("group", ObjectGroup)
def test_the_wide_scopes_go_on_meaning_every_group(group):
    wide = Actor(id="k", name="K", key_scopes=frozenset({Scope.READ, Scope.REFERENCE}))
    assert wide.may(Scope.READ, group=group)
    assert wide.may(Scope.REFERENCE, group=group)
    assert not wide.may(Scope.ASSESS, group=group)
    assert not wide.may(Scope.AUDIT, group=group)

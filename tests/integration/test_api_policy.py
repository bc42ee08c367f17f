"""The review policy over HTTP: drafted by one person, published by another, all of it kept."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, LaneShares
from data.schemas.vocabulary import AuditEvent, DraftStatus
from service.domain.policy_draft import PolicyDraft
from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.items import milestone
from tests.fakes.clock import MONDAY_MORNING

CHANGED = STANDARD_REVIEW_POLICY.model_copy(
    update={"four_eyes_major": 10_000, "lanes": LaneShares(audit=0.08)}
)
NOTE = "Two large bills went out wrong in May."


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("policy"), reference=reference()) as running:
        running.scorer = tell(running)
        yield running


def drafted(office, *, who="anna", policy=CHANGED, note=NOTE):
    body = {"policy": policy.model_dump(mode="json"), "note": note}
    return office.call(who, "POST", "/v1/policy/drafts", json=body)


def publish(office, draft, *, who):
    return office.call(who, "POST", f"/v1/policy/drafts/{draft['id']}/publish")


def withdraw(office, draft, *, who="anna"):
    return office.call(who, "POST", f"/v1/policy/drafts/{draft['id']}/withdraw")


def in_force(office):
    with office.opener() as uow:
        return uow.policies.in_force(), uow.policies.version()


def events(office, *wanted):
    with office.opener() as uow:
        return list(uow.audit.entries(*wanted))


def test_the_standard_policy_is_in_force_until_somebody_publishes_another(office):
    told = office.call("rita", "GET", "/v1/policy").json()

    assert (told["version"], told["published_at"]) == (0, None)
    assert told["policy"] == STANDARD_REVIEW_POLICY.model_dump(mode="json")
    assert [one["value"] for one in told["limits"] if one["path"] == "four_eyes_major"] == [
        "50,000"
    ]
    assert not told["may_i_draft"]


def test_a_draft_says_what_it_changes_and_changes_nothing(office):
    before = in_force(office)
    draft = drafted(office).json()

    assert [(one["path"], one["before"], one["after"]) for one in draft["changes"]] == [
        ("four_eyes_major", "50,000", "10,000"),
        ("lanes.audit", "5 %", "8 %"),
    ]
    assert in_force(office) == before
    assert withdraw(office, draft).json()["status"] == "withdrawn"


def test_nobody_publishes_their_own_draft(office):
    draft = drafted(office).json()
    refused = publish(office, draft, who="anna")

    assert not draft["may_i_publish"]
    assert refused.status_code == 403
    assert "another approver or administrator" in refused.json()["remedy"]
    assert in_force(office)[1] == 0
    withdraw(office, draft)


def test_the_database_itself_wants_two_people(office):
    one = PolicyDraft(
        id="pol-self", policy=CHANGED, note="mine", based_on=0, author_id="anna",
        drafted_at=MONDAY_MORNING, status=DraftStatus.WAITING, settled_by_id="anna",
        settled_at=MONDAY_MORNING,
    )  # fmt: skip
    with office.opener() as uow:
        uow.policies.add_draft(one)
        with pytest.raises(IntegrityError, match="two_people"):
            uow.policies.publish(one)
    with office.opener() as uow:
        uow.policies.settle(one.withdrawn(by="anna", at=MONDAY_MORNING))


@pytest.mark.parametrize(
    "who", ["rita", "otto", "dora", "full-key", "reference-key", "read-key", None]
)
def test_only_approvers_and_administrators_draft_publish_withdraw_and_try_out(office, who):
    draft = drafted(office).json()
    answers = [
        drafted(office, who=who),
        publish(office, draft, who=who),
        withdraw(office, draft, who=who),
        office.call(
            who, "POST", "/v1/policy/effect", json={"policy": CHANGED.model_dump(mode="json")}
        ),
    ]

    assert {answer.status_code for answer in answers} == {401 if who is None else 403}
    withdraw(office, draft)


def test_a_published_draft_holds_at_once_and_tells_who_and_why(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        draft = drafted(office).json()
        view = publish(office, draft, who="adam").json()
        history = office.call("otto", "GET", "/v1/policy/versions").json()["versions"]
        (entry,) = events(office, AuditEvent.POLICY_PUBLISHED)

        assert in_force(office) == (CHANGED, 1)
        assert (view["author_name"], view["publisher_name"]) == ("Anna Approver", "Adam Admin")
        assert [(one["version"], one["note"]) for one in history] == [(1, NOTE)]
        assert [one["path"] for one in history[0]["changes"]] == ["four_eyes_major", "lanes.audit"]
        assert (entry["facts"]["author"], entry["actor"]) == ("person-anna", "person-adam")
        assert entry["facts"]["changes"]["four_eyes_major"] == {"before": 50_000, "after": 10_000}
        assert NOTE not in str(entry), "free text stays outside the trail, to be erasable"
        assert publish(office, draft, who="adam").status_code == 409


def test_a_draft_written_on_an_older_version_is_not_published_over_a_newer_one(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        first = drafted(office).json()
        second = drafted(
            office, policy=STANDARD_REVIEW_POLICY.model_copy(update={"bulk_most_cases": 20})
        ).json()
        publish(office, first, who="adam")
        late = publish(office, second, who="adam")
        listed = office.call("adam", "GET", "/v1/policy/drafts").json()["drafts"]

        assert late.status_code == 409
        assert "draft the change again on version 1" in late.json()["remedy"]
        assert in_force(office) == (CHANGED, 1)
        assert [one["why_not"] for one in listed] == [
            "Another version came into force since; draft the change again.",
            "It was published already.",
        ]


def test_a_limit_holds_from_the_next_decision_on(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        tell(office)
        first, second = (
            office.claimed(milestone(external_id=name, amount_minor=15_000_00)) for name in "ab"
        )
        before = office.decide(first).json()
        publish(office, drafted(office).json(), who="adam")
        after = office.decide(second).json()

    assert before["case"]["status"] == "decided"
    assert after["case"]["status"] == "awaiting_signature"


def test_every_step_stands_in_the_trail(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        withdraw(office, drafted(office).json(), who="adam")
        publish(office, drafted(office).json(), who="adam")
        told = events(
            office,
            AuditEvent.POLICY_DRAFTED,
            AuditEvent.POLICY_WITHDRAWN,
            AuditEvent.POLICY_PUBLISHED,
        )

    assert [(one["event"], one["actor"]) for one in told] == [
        ("policy_drafted", "person-anna"),
        ("policy_withdrawn", "person-adam"),
        ("policy_drafted", "person-anna"),
        ("policy_published", "person-adam"),
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"lanes": {"audit": 0.3, "double": 0.2, "gold": 0.1}}, "more than half"),
        ({"working_hours": {"zone": "Mars/Olympus"}}, "IANA time zone"),
        ({"working_hours": {"start_hour": 18, "end_hour": 8}}, "ends before it starts"),
        ({"timeouts": [{}, {}]}, "two rules of the same kind"),
        ({"sure_probability": 0.2}, "greater than or equal to 0.5"),
        ({"four_eyes_major": -1}, "greater than or equal to 0"),
        ({"four_eyes": 1}, "not a known field"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_with_the_field(office, changed, words):
    answer = office.call(
        "anna", "POST", "/v1/policy/drafts", json={"policy": changed, "note": NOTE}
    )

    assert answer.status_code == 422
    assert words in str(answer.json()["problems"])


def test_a_draft_that_changes_nothing_or_says_no_reason_is_refused(office):
    same = drafted(office, policy=in_force(office)[0])
    silent = drafted(office, note="   ")

    assert (same.status_code, silent.status_code) == (422, 422)
    assert "changes nothing" in same.json()["detail"]


def test_the_effect_counts_the_open_cases_under_both_policies(tmp_path):
    with running_api(tmp_path, reference=reference()) as office:
        scorer = tell(office)
        for number, amount_minor in enumerate([9_000_00, 30_000_00, 60_000_00]):
            one = milestone(external_id=f"M-{number}", amount_minor=amount_minor)
            scorer.says(one.item_id, violation_probability=0.6)
            office.assess(one)
        asked = CHANGED.model_copy(update={"own_call_major": 5_000})
        effect = office.call(
            "anna", "POST", "/v1/policy/effect", json={"policy": asked.model_dump(mode="json")}
        ).json()

    assert effect["open_cases"] == 3
    assert effect["now"] == {"four_eyes": 1, "own_call": 2, "late": 0}
    shares = {one["lane"]: (one["now"], one["then"]) for one in effect["minutes"]}
    assert shares["audit"] == (0.05, 0.08)
    assert sum(then for _, then in shares.values()) == pytest.approx(1.0)
    assert effect["then"] == {"four_eyes": 2, "own_call": 3, "late": 0}


def test_a_person_behind_a_wall_reads_the_limits_and_neither_drafts_nor_versions(office):
    with office.opener.engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET wall_clients = '[\"acme\"]' WHERE login = 'otto'")
        )
    codes = [
        office.call("otto", "GET", f"/v1/policy{path}").status_code
        for path in ("", "/drafts", "/versions")
    ]
    with office.opener.engine.begin() as connection:
        connection.execute(text("UPDATE account SET wall_clients = NULL WHERE login = 'otto'"))

    assert codes == [200, 403, 403]

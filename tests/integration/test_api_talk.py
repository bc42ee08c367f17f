"""Talk about cases over the API: comments, files, views, notifications, absence, and walls."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from data.schemas.vocabulary import NotificationKind
from service.clock import SystemClock
from service.domain.wall import Wall
from service.usecases.telling.notify import notify
from tests.builders.items import milestone, timesheet

HOSTILE = "<script>fetch('//evil.example')</script> =cmd|'/c calc'!A1 {{7*7}} '; DROP TABLE comment"
NUMBERS = count(1)


@pytest.fixture
def case_id(told_api):
    return opened(told_api)


@pytest.fixture
def behind_a_wall(told_api):
    """Carl sees another client alone, until the test is over."""
    change(told_api, "carl", wall=Wall(client_ids=frozenset({"somebody-else"})))
    yield "carl"
    change(told_api, "carl", wall=Wall())


def opened(api):
    item = timesheet(external_id=f"TS-talk-{next(NUMBERS)}")
    return api.assess(item).json()["results"][0]["case_id"]


def change(api, login, **fields):
    with api.opener() as uow:
        uow.accounts.save(replace(uow.accounts.by_login(login), **fields))


def say(api, case_id, words, *, who="rita"):
    return api.call(who, "POST", f"/v1/cases/{case_id}/comments", json={"text": words})


def attach(api, case_id, *, name="note.txt", content=b"agreed by phone", who="rita"):
    path = f"/v1/cases/{case_id}/attachments"
    return api.call(who, "POST", path, files={"file": (name, content)})


def told(api, who, **params):
    return api.call(who, "GET", "/v1/notifications", params=params).json()


def trail(api, event):
    with api.opener.engine.connect() as connection:
        found = connection.execute(text("SELECT body FROM audit WHERE event = :e"), {"e": event})
        return [json.loads(body) for body in found.scalars()]


class TestComments:
    def test_a_comment_is_read_by_whoever_sees_the_case(self, told_api, case_id):
        assert say(told_api, case_id, "The client agreed.").status_code == 200
        seen = told_api.call("anna", "GET", f"/v1/cases/{case_id}/comments").json()["comments"]
        assert [(one["author_name"], one["text"]) for one in seen] == [
            ("Rita Reviewer", "The client agreed.")
        ]

    def test_a_mention_tells_the_person_once(self, told_api, case_id):
        answer = say(told_api, case_id, "@carl and @carl again: is this right?").json()
        assert answer["comment"]["mentions"] == ["Carl Colleague"]
        notes = [
            one for one in told(told_api, "carl")["notifications"] if one["case_id"] == case_id
        ]
        assert [one["text"] for one in notes] == [f"Rita Reviewer mentioned you on case {case_id}."]

    def test_mentioning_oneself_tells_nobody(self, told_api, case_id):
        say(told_api, case_id, "@rita remember this")
        assert case_id not in {one["case_id"] for one in told(told_api, "rita")["notifications"]}

    def test_a_mention_of_nobody_is_refused_and_nothing_is_stored(self, told_api, case_id):
        answer = say(told_api, case_id, "@nobody look")
        assert answer.status_code == 422
        assert "@nobody" in answer.json()["detail"]
        assert not told_api.call("rita", "GET", f"/v1/cases/{case_id}/comments").json()["comments"]

    def test_an_absent_colleague_is_named_in_the_answer(self, told_api, case_id):
        now = SystemClock().now()
        change(told_api, "carl", absent_from=now, absent_until=now + timedelta(days=2))
        answer = say(told_api, case_id, "@carl when you are back").json()
        change(told_api, "carl", absent_from=None, absent_until=None)
        assert [one["name"] for one in answer["away"]] == ["Carl Colleague"]
        assert answer["away"][0]["away_until"] is not None

    def test_hostile_text_is_kept_as_text(self, told_api, case_id):
        assert say(told_api, case_id, HOSTILE).json()["comment"]["text"] == HOSTILE

    @pytest.mark.parametrize("words", ["", "   \n", "pay\u202eme", "x" * 4_001])
    def test_text_that_says_nothing_or_hides_something_is_refused(self, told_api, case_id, words):
        assert say(told_api, case_id, words).status_code == 422

    @pytest.mark.parametrize("who", ["otto", "full-key"])
    def test_auditors_and_workflows_read_and_stay_silent(self, told_api, case_id, who):
        assert told_api.call(who, "GET", f"/v1/cases/{case_id}/comments").status_code == 200
        assert say(told_api, case_id, "me too", who=who).status_code == 403

    def test_the_trail_holds_the_hash_of_the_words_and_not_the_words(self, told_api, case_id):
        say(told_api, case_id, "Between us: Acme is late.")
        entry = [one for one in trail(told_api, "comment_added") if one["subject"] == case_id][-1]
        words = b"Between us: Acme is late."
        assert entry["facts"]["text_sha256"] == hashlib.sha256(words).hexdigest()
        assert "Acme" not in json.dumps(entry)

    def test_comments_come_in_pages(self, told_api, case_id):
        for number in range(3):
            say(told_api, case_id, f"remark {number}")
        path = f"/v1/cases/{case_id}/comments"
        first = told_api.call("rita", "GET", path, params={"limit": 2}).json()
        after = {"limit": 2, "cursor": first["next_cursor"]}
        second = told_api.call("rita", "GET", path, params=after).json()
        texts = [one["text"] for one in (*first["comments"], *second["comments"])]
        assert texts == ["remark 0", "remark 1", "remark 2"]
        assert second["next_cursor"] is None


class TestAttachments:
    def test_a_file_comes_back_byte_for_byte_and_is_never_shown(self, told_api, case_id):
        view = attach(told_api, case_id, name="a \u20ac.txt").json()
        answer = told_api.call("anna", "GET", f"/v1/attachments/{view['id']}")
        assert answer.content == b"agreed by phone"
        named = "attachment; filename*=UTF-8''a%20%E2%82%AC.txt"
        assert answer.headers["content-disposition"] == named
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]

    def test_the_same_file_sent_twice_is_one_attachment(self, told_api, case_id):
        assert attach(told_api, case_id).json() == attach(told_api, case_id).json()
        listed = told_api.call("rita", "GET", f"/v1/cases/{case_id}/attachments").json()
        assert len(listed["attachments"]) == 1

    def test_its_hash_stands_in_the_trail(self, told_api, case_id):
        attach(told_api, case_id, content=b"evidence")
        entry = trail(told_api, "file_attached")[-1]
        assert entry["subject"] == case_id
        assert entry["facts"]["sha256"] == hashlib.sha256(b"evidence").hexdigest()

    def test_a_page_of_ours_cannot_be_attached(self, told_api, case_id):
        answer = attach(told_api, case_id, name="x.html", content=b"<script>1</script>")
        assert answer.status_code == 422
        assert "docx" in answer.json()["detail"]

    def test_what_a_decision_was_based_on_stays_as_it_is(self, told_api):
        claim = told_api.claimed(timesheet(external_id=f"TS-talk-{next(NUMBERS)}"))
        case_id = claim["detail"]["case"]["id"]
        assert attach(told_api, case_id).status_code == 200
        assert told_api.decide(claim).status_code == 200
        answer = attach(told_api, case_id, name="late.txt", content=b"too late")
        assert answer.status_code == 409
        assert "decided" in answer.json()["detail"]
        assert say(told_api, case_id, "This came later.").status_code == 200

    def test_a_body_without_a_file_is_refused_in_words(self, told_api, case_id):
        answer = told_api.call("rita", "POST", f"/v1/cases/{case_id}/attachments", json={})
        assert answer.status_code == 422
        assert "multipart/form-data" in answer.json()["detail"]

    def test_no_row_of_talk_can_be_changed_afterwards(self, told_api, case_id):
        attach(told_api, case_id)
        say(told_api, case_id, "said")
        for table in ("comment", "attachment"):
            with pytest.raises(Exception, match="append-only"), told_api.opener() as uow:
                uow.connection.execute(text(f"DELETE FROM {table}"))


class TestWalls:
    def test_nothing_of_a_case_behind_the_wall_is_there(self, told_api, case_id, behind_a_wall):
        file_id = attach(told_api, case_id).json()["id"]
        for method, path, more in (
            ("GET", f"/v1/cases/{case_id}/comments", {}),
            ("POST", f"/v1/cases/{case_id}/comments", {"json": {"text": "hello"}}),
            ("GET", f"/v1/cases/{case_id}/attachments", {}),
            ("POST", f"/v1/cases/{case_id}/attachments", {"files": {"file": ("a.txt", b"a")}}),
            ("GET", f"/v1/attachments/{file_id}", {}),
            ("GET", f"/v1/colleagues?case_id={case_id}", {}),
        ):
            hidden = told_api.call(behind_a_wall, method, path, **more)
            known = path.replace(case_id, "C-999999").replace(file_id, "att-none")
            missing = told_api.call(behind_a_wall, method, known, **more)
            assert hidden.status_code == missing.status_code == 404, path
            names = (case_id, file_id, "C-999999", "att-none")
            assert _without(hidden.text, names) == _without(missing.text, names)

    def test_nobody_behind_the_wall_can_be_mentioned_or_told_from_nobody(
        self, told_api, case_id, behind_a_wall
    ):
        hidden, missing = say(told_api, case_id, "@carl"), say(told_api, case_id, "@zork")
        assert hidden.status_code == missing.status_code == 422
        assert hidden.text.replace("carl", "zork") == missing.text
        path = f"/v1/colleagues?case_id={case_id}"
        names = [one["login"] for one in told_api.call("rita", "GET", path).json()["colleagues"]]
        assert "carl" not in names
        assert "anna" in names

    def test_what_one_was_told_goes_behind_a_new_wall_with_its_case(self, told_api, case_id):
        say(told_api, case_id, "@carl see here")
        before = told(told_api, "carl")
        change(told_api, "carl", wall=Wall(client_ids=frozenset({"somebody-else"})))
        after = told(told_api, "carl")
        change(told_api, "carl", wall=Wall())
        assert case_id in {one["case_id"] for one in before["notifications"]}
        assert not after["notifications"]
        assert after["unread"] == 0

    def test_who_may_not_see_a_case_is_not_told_of_it(self, told_api, case_id, behind_a_wall):
        with told_api.opener() as uow:
            case, now = uow.cases.get(case_id), SystemClock().now()
            kind = NotificationKind.CASE_LATE
            notify("person-carl", kind=kind, text="late", uow=uow, now=now, case=case)
        change(told_api, "carl", wall=Wall())
        texts = [one["text"] for one in told(told_api, "carl")["notifications"]]
        assert "late" not in texts

    def test_a_shared_view_stays_with_those_who_see_what_its_owner_sees(
        self, told_api, behind_a_wall
    ):
        view = {"name": "Acme late", "filters": {"client_id": "acme"}, "is_shared": True}
        made = told_api.call("rita", "POST", "/v1/views", json=view).json()
        assert made["id"] in _views(told_api, "anna")
        assert made["id"] not in _views(told_api, behind_a_wall)
        gone = told_api.call(behind_a_wall, "DELETE", f"/v1/views/{made['id']}")
        assert gone.status_code == 404


class TestSecondPerson:
    def test_what_the_first_person_says_after_deciding_does_not_tell_their_verdict(self, told_api):
        claim = told_api.claimed(
            milestone(external_id=f"MS-talk-{next(NUMBERS)}", amount_minor=60_000_00)
        )
        case_id = claim["detail"]["case"]["id"]
        say(told_api, case_id, "The client accepted on Monday.")
        told_api.decide(claim)
        say(told_api, case_id, "I approved it.")
        evidence = ["The client accepted on Monday."]
        assert _said(told_api, "anna", case_id) == evidence
        assert _said(told_api, "carl", case_id) == evidence
        assert _said(told_api, "rita", case_id) == [*evidence, "I approved it."]
        assert _said(told_api, "otto", case_id) == [*evidence, "I approved it."]


class TestViews:
    def test_a_view_is_its_owners_until_it_is_shared(self, told_api):
        view = {"name": "Held", "filters": {"status": "held", "q": HOSTILE[:100]}}
        made = told_api.call("rita", "POST", "/v1/views", json=view).json()
        assert made["filters"] == view["filters"]
        assert made["id"] in _views(told_api, "rita")
        assert made["id"] not in _views(told_api, "anna")
        assert told_api.call("anna", "DELETE", f"/v1/views/{made['id']}").status_code == 404

    def test_saving_under_the_same_name_replaces(self, told_api):
        for status in ("open", "held"):
            view = {"name": "Mine", "filters": {"status": status}}
            told_api.call("anna", "POST", "/v1/views", json=view)
        mine = told_api.call("anna", "GET", "/v1/views").json()["views"]
        assert [one["filters"] for one in mine if one["name"] == "Mine"] == [{"status": "held"}]

    def test_only_the_owner_or_an_administrator_removes_a_shared_view(self, told_api):
        view = {"name": "All ours", "filters": {}, "is_shared": True}
        made = told_api.call("rita", "POST", "/v1/views", json=view).json()
        path = f"/v1/views/{made['id']}"
        assert told_api.call("anna", "DELETE", path).status_code == 403
        assert told_api.call("adam", "DELETE", path).status_code == 204
        assert made["id"] not in _views(told_api, "rita")

    @pytest.mark.parametrize(
        "bad",
        [
            {"name": ""},
            {"name": "x" * 201},
            {"name": "x", "filters": {"Not a name": "x"}},
            {"name": "x", "filters": {f"f{chr(97 + n)}": "x" for n in range(13)}},
            {"name": "x", "page": "people"},
            {"name": "x", "owner_id": "person-anna"},
        ],
    )
    def test_a_view_that_is_none_is_refused(self, told_api, bad):
        view = {"filters": {}} | bad
        assert told_api.call("rita", "POST", "/v1/views", json=view).status_code == 422


class TestNotifications:
    def test_what_was_read_is_no_longer_new(self, told_api, case_id):
        say(told_api, case_id, "@anna please look")
        unread = told(told_api, "anna", unread=True)
        note = next(one for one in unread["notifications"] if one["case_id"] == case_id)
        body = {"ids": [note["id"]]}
        left = told_api.call("anna", "POST", "/v1/notifications/read", json=body).json()
        assert left == {"marked": 1, "unread": unread["unread"] - 1}
        assert note["id"] not in {
            one["id"] for one in told(told_api, "anna", unread=True)["notifications"]
        }

    def test_nobody_reads_in_another_persons_name(self, told_api, case_id):
        say(told_api, case_id, "@anna and another thing")
        note = told(told_api, "anna")["notifications"][0]
        body = {"ids": [note["id"]]}
        answer = told_api.call("rita", "POST", "/v1/notifications/read", json=body).json()
        assert answer["marked"] == 0
        assert not told(told_api, "anna")["notifications"][0]["is_read"]

    def test_only_who_runs_the_channels_sees_how_they_fare(self, told_api):
        assert told_api.call("adam", "GET", "/v1/deliveries").json() == {
            "deliveries": [],
            "next_cursor": None,
        }
        assert told_api.call("rita", "GET", "/v1/deliveries").status_code == 403


class TestMyWork:
    def test_what_i_hold_and_asked_for_stands_on_my_page_and_on_no_other(self, told_api):
        held = told_api.claimed(timesheet(external_id=f"TS-talk-{next(NUMBERS)}"))
        asked = told_api.claimed(timesheet(external_id=f"TS-talk-{next(NUMBERS)}"))
        answer = told_api.decide(
            asked, verdict="request_information", reason_codes=["evidence_missing"]
        )
        assert answer.status_code == 200
        mine = told_api.call("rita", "GET", "/v1/me/work").json()
        assert held["detail"]["case"]["id"] in {one["case"]["id"] for one in mine["held"]}
        waiting = {one["id"] for one in mine["awaiting_information"]}
        assert asked["detail"]["case"]["id"] in waiting
        assert all(one["case"]["violation_probability"] is None for one in mine["held"])
        theirs = told_api.call("carl", "GET", "/v1/me/work").json()
        assert not theirs["held"]
        assert not theirs["awaiting_information"]

    def test_my_day_counts_what_stands(self, told_api):
        before = told_api.call("anna", "GET", "/v1/me/work").json()["day"]["decided"]
        claim = told_api.claimed(timesheet(external_id=f"TS-talk-{next(NUMBERS)}"), who="anna")
        told_api.decide(claim, who="anna", active_seconds=40.0)
        day = told_api.call("anna", "GET", "/v1/me/work").json()["day"]
        assert day["decided"] == before + 1
        assert day["median_active_seconds"] is not None

    @pytest.mark.parametrize("since", ["2020-01-01T00:00:00Z", "2026-03-02T00:00:00"])
    def test_a_day_begins_within_two_days(self, told_api, since):
        answer = told_api.call("rita", "GET", "/v1/me/work", params={"since": since})
        assert answer.status_code == 422

    def test_a_workflow_has_no_desk(self, told_api):
        assert told_api.call("full-key", "GET", "/v1/me/work").status_code == 403


class TestAbsence:
    def test_whoever_goes_away_gives_back_what_they_hold(self, told_api):
        claim = told_api.claimed(timesheet(external_id=f"TS-talk-{next(NUMBERS)}"))
        case_id = claim["detail"]["case"]["id"]
        now = SystemClock().now()
        body = {
            "absent_from": now.isoformat(),
            "absent_until": (now + timedelta(days=3)).isoformat(),
            "deputy_id": "person-carl",
        }
        answer = told_api.call("rita", "PUT", "/v1/me/absence", json=body).json()
        assert (answer["is_absent"], answer["deputy_name"]) == (True, "Carl Colleague")
        assert told_api.decide(claim).status_code == 409
        assert told_api.claim("carl", case_id=case_id).status_code == 200
        back = told_api.call("rita", "PUT", "/v1/me/absence", json={}).json()
        assert back == {
            "absent_from": None, "absent_until": None, "deputy_id": None, "deputy_name": None,
            "is_absent": False,
        }  # fmt: skip

    @pytest.mark.parametrize(
        "days", [(2, 1), (-3, -2), (1, None), (0, 400)], ids=["turned", "past", "half", "long"]
    )
    def test_days_that_make_no_sense_are_refused(self, told_api, days):
        now = SystemClock().now()
        first, last = (
            (now + timedelta(days=d)).isoformat() if d is not None else None for d in days
        )
        body = {"absent_from": first, "absent_until": last}
        assert told_api.call("rita", "PUT", "/v1/me/absence", json=body).status_code == 422

    @pytest.mark.parametrize(
        ("deputy", "status"), [("person-rita", 422), ("person-otto", 422), ("person-none", 404)]
    )
    def test_a_deputy_must_be_able_to_act(self, told_api, deputy, status):
        now = SystemClock().now()
        body = {
            "absent_from": now.isoformat(),
            "absent_until": (now + timedelta(days=1)).isoformat(),
            "deputy_id": deputy,
        }
        assert told_api.call("rita", "PUT", "/v1/me/absence", json=body).status_code == status


def _views(api, who):
    return {one["id"] for one in api.call(who, "GET", "/v1/views").json()["views"]}


def _said(api, who, case_id):
    answer = api.call(who, "GET", f"/v1/cases/{case_id}/comments").json()
    return [one["text"] for one in answer["comments"]]


def _without(words, names):
    for name in names:
        words = words.replace(name, "-")
    return words

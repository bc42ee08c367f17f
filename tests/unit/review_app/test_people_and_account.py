"""My account, and people and access, in Streamlit's simulator against the real API on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data.schemas.vocabulary import Channel, NotificationKind, Role, Scope
from review_app.screens.account.devices import device_words
from review_app.screens.people.access_words import ABILITIES, ROLE_WORDS
from review_app.settings import settings
from service.client import ApiProblem, CountersignClient
from service.wire.accounts import InvitationRequest, KeyRequest, WallView
from service.wire.preferences import Preferences
from service.wire.scope_words import SCOPE_WORDS
from tests.builders.api import PASSWORD
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
HOSTILE = "<img src=x onerror=alert(1)> **bold** [link](//evil.example) $x$"
OWN = "my very own sentence"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("people")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        yield running


@pytest.fixture(autouse=True)
def everybody_logged_in(world: DeskWorld) -> None:
    world.sign_in_again()


def _account() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.notices import problems_shown  # noqa: PLC0415
    from review_app.screens.account.page import account  # noqa: PLC0415

    if session.is_ended():
        st.stop()
    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens={"account": account, "cases": account})
    with problems_shown():
        account()


def _people() -> None:
    import streamlit as st  # noqa: PLC0415

    from review_app import navigation, session  # noqa: PLC0415
    from review_app.notices import problems_shown  # noqa: PLC0415
    from review_app.screens.people.page import people  # noqa: PLC0415

    desk = session.open_desk(st.user.tokens["access"])
    navigation.offer(desk.me, screens={"people": people, "cases": people})
    with problems_shown():
        people()


@pytest.fixture
def open_as(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Opens a screen as somebody, on a tab."""
    monkeypatch.setenv("COUNTERSIGN_API_URL", world.url)
    settings.cache_clear()
    opened: list[AppTest] = []

    def open_screen(who: str, script: Callable[[], None], **query: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=20)
        app.user = {"is_logged_in": True, "tokens": {"access": f"token-{who}"}}
        for name, one in query.items():
            app.query_params[name] = one
        opened.append(app)
        return app.run()

    yield open_screen
    for app in opened:
        if "desk" in app.session_state:
            app.session_state["desk"].close()
    settings.cache_clear()


def said(app: AppTest) -> str:
    blocks = (*app.success, *app.warning, *app.error, *app.info, *app.markdown, *app.text)
    return " ".join(block.value for block in blocks).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by its words."""
    found = [one for one in app.button if one.label == label]
    return found[-1].click().run()


def test_a_person_changes_their_password_after_proving_the_old_one(open_as, world):
    app = open_as("bo", _account, tab="Password")
    for current, new, again, told in (
        ("wrong password", OWN, OWN, "does not fit"),
        (PASSWORD, OWN, OWN + "s", "not typed the same way"),
        (PASSWORD, "bo lindqvist", "bo lindqvist", "made of your own name"),
        ("", OWN, OWN, "Type your current password"),
    ):
        app.text_input(key="password_current").set_value(current)
        app.text_input(key="password_new").set_value(new)
        app.text_input(key="password_again").set_value(again)
        assert told in said(press(app, "Change password"))
    app.text_input(key="password_current").set_value(PASSWORD)
    app.text_input(key="password_new").set_value(OWN)
    app.text_input(key="password_again").set_value(OWN)
    assert "Your password is changed" in said(press(app, "Change password"))
    assert not app.exception
    world.client("bo").change_password(current=OWN, new=PASSWORD)


def test_devices_are_listed_and_all_of_them_logged_out_after_a_question(open_as, world):
    app = open_as("remi", _account, tab="Devices")
    assert "this device" in said(app)
    press(app, "Log out everywhere")
    assert world.client("remi").me().id == "person-remi"
    press(app, "Log out everywhere")
    with pytest.raises(ApiProblem, match="401"):
        world.client("remi").me()


def test_how_pages_read_is_chosen_once_and_kept(open_as, world):
    app = open_as("emil", _account, tab="Reading")
    app.selectbox(key="reading_locale").select("de-AT")
    app.selectbox(key="reading_zone").select("Europe/Vienna")
    assert "Saved" in said(press(app, "Save"))
    kept = world.client("emil").me().preferences
    assert (kept.locale, kept.time_zone) == ("de-AT", "Europe/Vienna")
    again = open_as("emil", _account, tab="Reading")
    assert again.selectbox(key="reading_locale").value == "de-AT"


def test_letters_are_remapped_switched_off_and_brought_back(open_as, world):
    app = open_as("ana", _account, tab="Keys")
    for letter, told in (("C", "cannot be a key"), ("X", "cannot do two things"), ("", "missing")):
        app.text_input(key="keys_approve_0").set_value(letter)
        assert told in said(press(app, "Save"))
    app.text_input(key="keys_approve_0").set_value("b")
    app.toggle(key="keys_on_0").set_value(False)
    press(app, "Save")
    kept = world.client("ana").me().preferences
    assert (kept.keys, kept.are_keys_on) == ({"approve": "B"}, False)
    press(app, "Back to the usual letters")
    assert world.client("ana").me().preferences == Preferences()
    assert app.text_input(key="keys_approve_1").value == "A"


def test_each_kind_of_news_goes_the_chosen_way(open_as, world):
    app = open_as("olga", _account, tab="Notifications")
    app.checkbox(key="channels_mentioned_email").check()
    app.checkbox(key="channels_case_late_in_app").uncheck()
    press(app, "Save")
    assert world.client("olga").me().preferences.notify == {
        NotificationKind.MENTIONED: (Channel.IN_APP, Channel.EMAIL),
        NotificationKind.CASE_LATE: (),
    }


def test_a_person_is_invited_and_their_password_shown_until_it_was_read(open_as, world):
    app = open_as("rosa", _people, tab="Invite")
    app.text_input(key="name_invite_0").set_value("Nina Berg")
    assert "at least one role" in said(press(app, "Invite"))
    app.multiselect(key="roles_invite_0").select(Role.REVIEWER)
    assert "log-in name is missing" in said(press(app, "Invite"))
    app.text_input(key="invite_login_0").set_value("Nina")
    app.multiselect(key="clients_invite_0").select(
        app.multiselect(key="clients_invite_0").options[0]
    )
    press(app, "Invite")
    assert not app.exception
    shown = app.code[0].value
    nina = world.client("rosa").account("person-nina")
    assert nina.must_change_password
    assert nina.wall == WallView(client_ids=("acme",))
    assert app.text_input(key="invite_login_1").value == ""
    press(app, "I have it")
    assert not app.code
    assert len(shown) == 19


def test_a_taken_log_in_name_is_told_and_nothing_is_lost(open_as):
    app = open_as("rosa", _people, tab="Invite")
    app.text_input(key="invite_login_0").set_value("ana")
    app.text_input(key="name_invite_0").set_value("Another Ana")
    app.multiselect(key="roles_invite_0").select(Role.AUDITOR)
    assert "is taken" in said(press(app, "Invite"))
    assert app.text_input(key="name_invite_0").value == "Another Ana"


def test_roles_and_walls_are_changed_on_the_page_of_a_person(open_as, world):
    world.client("rosa").invite(
        InvitationRequest(login="tom", name=HOSTILE, roles=(Role.REVIEWER,))
    )
    app = open_as("rosa", _people, person="person-tom")
    assert not app.exception
    assert app.text_input(key="name_person-tom").value == HOSTILE
    app.multiselect(key="roles_person-tom").select(Role.APPROVER)
    app.toggle(key="trainee_person-tom").set_value(True)
    press(app, "Save")
    tom = world.client("rosa").account("person-tom")
    assert (tom.roles, tom.is_trainee) == ((Role.APPROVER, Role.REVIEWER), True)
    press(app, "One-time password")
    press(app, "One-time password")
    assert app.code[0].value
    app.toggle(key="active_person-tom").set_value(False)
    press(app, "Save")
    assert not world.client("rosa").account("person-tom").is_active


def test_nobody_finds_a_form_for_their_own_rights(open_as):
    app = open_as("rosa", _people, person="person-rosa")
    assert not app.text_input
    assert any("Nobody changes their own access" in one.value for one in app.caption)


def test_an_auditor_reads_who_has_access_and_changes_nothing(open_as):
    app = open_as("dora", _people, person="person-ana")
    assert not app.exception
    assert not app.text_input
    assert "Invite" not in [tab.label for tab in app.tabs]
    keys = open_as("dora", _people, tab="Keys")
    assert not keys.text_input


def test_a_key_is_made_and_shown_once(open_as, world):
    app = open_as("rosa", _people, tab="Keys")
    app.text_input(key="key_name").set_value("Nightly sync")
    assert "choose at least one thing" in said(press(app, "Make the key"))
    app.text_input(key="key_name").set_value("Nightly sync")
    app.multiselect(key="key_scopes").select(Scope.READ)
    press(app, "Make the key")
    with CountersignClient(world.url, token=app.code[0].value) as workflow:
        assert workflow.me().scopes == (Scope.READ,)


PROBES = {
    "Read cases": ("GET", "/v1/cases", None),
    "Decide cases": ("POST", "/v1/queue/claim", {}),
    "Give a second verdict": ("POST", "/v1/cases/C-999999/adjudication",
                              {"version": 1, "stands": "dec-1", "note": "x"}),
    "Confirm clauses": ("POST", "/v1/proposals/none/confirm", {}),
    "Change clients": ("POST", "/v1/leave", []),
    "Import items": ("POST", "/v1/assessments", {"items": []}),
    "Have models trained": ("POST", "/v1/models/rollback", {"version": 1}),
    "Search and verify": ("GET", "/v1/audit/events", None),
    "See who has access": ("GET", "/v1/accounts", None),
    "Give and take access": ("DELETE", "/v1/keys/none", None),
}  # fmt: skip
"""A call of each ability; whoever may is answered anything but 403."""


@pytest.mark.parametrize("ability", ABILITIES, ids=lambda one: one.words)
def test_who_may_what_is_what_the_api_lets_through(world, ability):
    method, path, body = next(
        probe for words, probe in PROBES.items() if ability.words.startswith(words)
    )
    people = {role: login for login, role in _one_of_each_role().items()}
    allowed = set()
    for role, login in people.items():
        key = {"Idempotency-Key": f"{role}-{path}"}
        answer = world.client(login)._http.request(method, path, json=body, headers=key)
        if answer.status_code != 403:
            allowed.add(role)
    assert allowed == ability.roles


def _one_of_each_role() -> dict[str, Role]:
    return {
        "ana": Role.REVIEWER, "carla": Role.APPROVER, "dora": Role.AUDITOR,
        "emil": Role.DATA_SCIENTIST, "olga": Role.OPERATIONS_LEADER,
        "remi": Role.RESOURCE_MANAGER, "ivo": Role.INTEGRATION_OWNER, "rosa": Role.ADMIN,
    }  # fmt: skip


def test_every_role_and_scope_has_its_words():
    assert set(ROLE_WORDS) == set(Role)
    assert set(SCOPE_WORDS) == set(Scope)
    assert KeyRequest(name="x", scopes=tuple(Scope)).scopes


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 "
         "Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
         "Safari on iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_named_in_words(user_agent, words):
    assert device_words(user_agent) == words

"""The first log-in, forged browsers, and a company's own log-in, in a real browser."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey
from playwright.sync_api import Browser, BrowserContext, expect

from data.schemas.vocabulary import Role
from review_app.launch import outside_secrets_toml
from service.api.oidc import oidc_router
from service.api.oidc_door import LogInRefused, SignedIn
from service.supervisor import free_port
from service.wire.accounts import AccountChange, InvitationRequest
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.builders.contracts import reference
from tests.builders.desk_world import serving_desk
from tests.fakes.api import served
from tests.fakes.review_stack import running_review_app

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
OWN = "my very own sentence"
COMPANY_CLIENT = "countersign-at-acme"


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory) -> Iterator[RealDesk]:
    folder = tmp_path_factory.mktemp("office")
    with real_desk(folder, browser, reference=reference()) as running:
        yield running


def _context(office: RealDesk, **more) -> BrowserContext:
    context = office.browser.new_context(viewport={"width": 1280, "height": 800}, **more)
    office.contexts.callback(context.close)
    return context


def test_an_invited_person_chooses_a_password_and_stands_at_their_desk(office):
    invited = office.world.client("rosa").invite(
        InvitationRequest(login="nina", name="Nina Berg", roles=(Role.REVIEWER,))
    )
    tab = office.tab()
    tab.open()
    tab.log_in("nina", invited.one_time_password)
    expect(tab.page.get_by_role("heading", name="Choose your password")).to_be_visible()
    for password in ("password2026", OWN):
        tab.page.get_by_label("New password").fill(password)
        tab.page.get_by_label("The same once more").fill(password)
        tab.press("Enter")
        if password != OWN:
            tab.says("among the first that anybody tries")
    expect(tab.page.get_by_role("button", name="Nina Berg")).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Nina Berg")).to_be_visible()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "rosa", "X-Remote-User": "rosa", "Remote-User": "rosa"},
        {"X-Auth-Request-Email": "rosa@example.org", "X-Streamlit-User": "rosa@example.org"},
    ],
)
def test_a_header_makes_nobody_anybody(office, headers):
    context = _context(office, extra_http_headers=headers)
    tab = Tab(page=context.new_page(), url=office.url)
    tab.open()
    expect(tab.page.get_by_role("button", name="Log in")).to_be_visible()


def test_a_cookie_that_was_touched_is_no_cookie(office):
    state = office._kept("ana")
    touched = [
        one | {"value": _touched(one["value"])} if "streamlit" in one["name"] else one
        for one in state["cookies"]
    ]
    assert touched != state["cookies"]
    context = _context(office, storage_state={"cookies": touched, "origins": []})
    tab = Tab(page=context.new_page(), url=office.url)
    tab.open()
    expect(tab.page.get_by_role("button", name="Log in")).to_be_visible()


def _touched(value: str) -> str:
    middle = len(value) // 2
    return value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]


def test_one_persons_name_with_anothers_token_acts_as_the_other_and_says_so(office):
    ana, rosa = (office._kept(login)["cookies"] for login in ("ana", "rosa"))
    tokens = {one["name"]: one for one in ana if "token" in one["name"]}
    mixed = [tokens.get(one["name"], one) for one in rosa]
    assert tokens
    context = _context(office, storage_state={"cookies": mixed, "origins": []})
    tab = Tab(page=context.new_page(), url=office.url)
    tab.open()
    expect(tab.page.get_by_role("button", name="Ana Diaz")).to_be_visible()
    expect(tab.page.get_by_text("Rosa Ott")).to_have_count(0)


def test_other_roles_end_the_session_on_the_screen_that_is_open(office):
    office.world.client("rosa").invite(
        InvitationRequest(login="otto", name="Otto Kern", roles=(Role.REVIEWER,))
    )
    password = office.world.client("rosa").give_one_time_password("person-otto").one_time_password
    tab = office.tab()
    tab.open()
    tab.log_in("otto", password)
    for label in ("New password", "The same once more"):
        tab.page.get_by_label(label).fill(OWN)
    tab.press("Enter")
    expect(tab.page.get_by_role("button", name="Otto Kern")).to_be_visible()
    account = office.world.client("rosa").account("person-otto")
    office.world.client("rosa").change_account(
        "person-otto",
        AccountChange(name=account.name, roles=(Role.AUDITOR,)),
    )
    tab.page.get_by_role("link", name="Cases", exact=True).click()
    tab.says("Your session has ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDoor:
    """Everybody's password is `company`, and the log-in name is the subject."""

    def log_in(self, login, password, *, device):
        if password != "company":
            return LogInRefused(reason="wrong")
        return SignedIn(
            token=secrets.token_urlsafe(8),
            person_id=f"u-{login}",
            name=login.title(),
            roles=frozenset({Role.REVIEWER}) if login != "guest" else frozenset(),
            expires_at=datetime.now(UTC) + timedelta(hours=10),
        )

    def choose_password(self, needed, password, *, device):
        return LogInRefused(reason="wrong")


@pytest.fixture(scope="module")
def company_office(browser: Browser, tmp_path_factory) -> Iterator[RealDesk]:
    folder = tmp_path_factory.mktemp("company")
    port, app_port = free_port(), free_port()
    issuer, app_url = f"http://127.0.0.1:{port}/oidc", f"http://127.0.0.1:{app_port}"
    company = FastAPI()
    company.include_router(
        oidc_router(
            issuer=issuer,
            client_id=COMPANY_CLIENT,
            client_secret="s3cret",
            redirect_uris=frozenset({f"{app_url}/oauth2callback", app_url}),
            door=CompanyDoor(),
            signing_key=ECKey.generate_key("P-256"),
            now=lambda: datetime.now(UTC),
            random_token=lambda: secrets.token_urlsafe(32),
        )
    )
    secrets_file = folder / "secrets.toml"
    secrets_file.write_text(
        outside_secrets_toml(
            redirect_uri=f"{app_url}/oauth2callback",
            cookie_secret="a-secret-for-tests-of-at-least-32-bytes",
            client_id=COMPANY_CLIENT,
            client_secret="s3cret",
            issuer=issuer,
        )
    )
    with (
        served(company, port=port),
        serving_desk(
            folder / "home",
            reference=reference(),
            review_url=app_url,
            oidc_issuer=issuer,
            oidc_client_id=COMPANY_CLIENT,
            oidc_roles_claim="roles",
            oidc_role_map={"reviewer": "reviewer"},
        ) as world,
        pytest.MonkeyPatch.context() as patch,
        ExitStack() as contexts,
    ):
        patch.setenv("COUNTERSIGN_OIDC_ISSUER", issuer)
        with running_review_app(api_url=world.url, port=app_port, secrets_file=secrets_file):
            yield RealDesk(world=world, url=app_url, browser=browser, contexts=contexts)


def test_a_person_of_the_company_comes_in_by_its_log_in_and_a_reload_keeps_the_session(
    company_office,
):
    tab = company_office.tab()
    tab.open()
    tab.log_in("uma", "company")
    expect(tab.page.get_by_role("button", name="Uma")).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Uma")).to_be_visible()
    everybody = company_office.world.client("rosa").accounts()
    uma = next(one for one in everybody.accounts if one.subject == "u-uma")
    assert (uma.roles, uma.sessions) == ((Role.REVIEWER,), 1)
    assert everybody.has_outside_log_in
    company_office.world.client("rosa").log_person_out(uma.person_id)
    tab.open("/cases")
    tab.says("Your session has ended")
    tab.log_in("uma", "company")
    expect(tab.page.get_by_role("button", name="Uma")).to_be_visible()


def test_whoever_has_no_role_is_told_whom_to_ask(company_office):
    tab = company_office.tab()
    tab.open()
    tab.log_in("guest", "company")
    tab.says("gives you no role here")
    tab.says("Ask an administrator")

from __future__ import annotations

import tomllib
from pathlib import Path

from streamlit import config

from review_app.launch import (
    APP,
    OPTIONS,
    outside_secrets_toml,
    secrets_toml,
    streamlit_arguments,
)


def test_every_option_is_one_that_streamlit_knows():
    # A misspelt option would be ignored, and the desk would be slow or open without a word.
    known = set(config._config_options_template)

    assert set(OPTIONS) - known == set()


def test_the_server_listens_where_it_is_told_only():
    arguments = streamlit_arguments(port=8_501, secrets_file=Path("secrets.toml"))

    assert arguments[:2] == ["run", str(APP)]
    assert "--server.port=8501" in arguments
    assert "--server.address=127.0.0.1" in arguments
    assert "--server.enableAgentApi=false" in arguments
    assert "--runner.postScriptGC=false" in arguments


def test_secrets_survive_quotes_and_backslashes():
    text = secrets_toml(
        redirect_uri="http://127.0.0.1:8501/oauth2callback",
        cookie_secret='a"b\\c',
        client_id="review-app",
        client_secret="s",
        server_metadata_url="http://127.0.0.1:8000/oidc/.well-known/openid-configuration",
    )

    auth = tomllib.loads(text)["auth"]
    assert auth["cookie_secret"] == 'a"b\\c'
    assert auth["expose_tokens"] == "access"
    assert auth["client_kwargs"]["scope"] == "openid profile"


def test_a_companys_log_in_gives_its_identity_token_and_nothing_that_acts():
    text = outside_secrets_toml(
        redirect_uri="https://desk.example.org/oauth2callback",
        cookie_secret="c",
        client_id="us",
        client_secret='s"\\',
        issuer="https://id.example.org/tenant/",
    )

    auth = tomllib.loads(text)["auth"]
    assert auth["expose_tokens"] == "id"
    assert auth["client_secret"] == 's"\\'
    assert auth["server_metadata_url"] == (
        "https://id.example.org/tenant/.well-known/openid-configuration"
    )

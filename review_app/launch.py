"""How the review app is started: every option that keeps it fast and shut, in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

APP = Path(__file__).with_name("app.py")
ACCENT_LIGHT, ACCENT_DARK = "#0f5c55", "#0f766e"

OPTIONS: dict[str, str] = {
    # A full collection after every run costs 25 ms and more with every session; with it 100
    # sessions had a p95 of 9,223 ms, without it 16 ms.
    "runner.postScriptGC": "false",
    "runner.magicEnabled": "false",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableAgentApi": "false",
    "server.enableStaticServing": "false",
    "server.maxUploadSize": "20",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.disableDataExport": "true",
    # Captions are drawn in 60 % of the text's colour: 4.8 to 1 on white, 6.0 to 1 on the dark.
    "theme.light.primaryColor": ACCENT_LIGHT,
    "theme.light.textColor": "#0e151c",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f4f6f9",
    "theme.dark.primaryColor": ACCENT_DARK,
    "theme.dark.textColor": "#e8edf2",
    "theme.dark.backgroundColor": "#131b23",
    "theme.dark.secondaryBackgroundColor": "#1d2934",
}


def streamlit_arguments(
    *,
    port: int,
    secrets_file: Path,
    address: str = "127.0.0.1",
    public_host: str = "127.0.0.1",
) -> list[str]:
    """Give the arguments after `python -m streamlit`.

    `public_host` is the name browsers use; a page opened under another one stays dead, which
    keeps a foreign name that points here (DNS rebinding) from reaching the desk.
    """
    chosen = OPTIONS | {
        "server.port": str(port),
        "server.address": address,
        "server.allowedHosts": public_host,
        "secrets.files": str(secrets_file),
    }
    return ["run", str(APP), *(f"--{name}={value}" for name, value in chosen.items())]


def secrets_toml(
    *,
    redirect_uri: str,
    cookie_secret: str,
    client_id: str,
    client_secret: str,
    server_metadata_url: str,
) -> str:
    """Give the secrets file for the API's own log-in, whose access token is the session."""
    # The provider knows these scopes only, and always asks for the password.
    return _auth(
        {
            "redirect_uri": redirect_uri,
            "cookie_secret": cookie_secret,
            "client_id": client_id,
            "client_secret": client_secret,
            "server_metadata_url": server_metadata_url,
            "expose_tokens": "access",
        },
        client_kwargs='{ scope = "openid profile", prompt = "login" }',
    )


def outside_secrets_toml(
    *, redirect_uri: str, cookie_secret: str, client_id: str, client_secret: str, issuer: str
) -> str:
    """Give the secrets file for a company's own log-in, whose identity token is exchanged."""
    return _auth(
        {
            "redirect_uri": redirect_uri,
            "cookie_secret": cookie_secret,
            "client_id": client_id,
            "client_secret": client_secret,
            "server_metadata_url": f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            "expose_tokens": "id",
        },
        client_kwargs='{ scope = "openid profile email" }',
    )


def _auth(values: Mapping[str, str], *, client_kwargs: str) -> str:
    # A JSON string is a TOML basic string.
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(["[auth]", *lines, f"client_kwargs = {client_kwargs}", ""])

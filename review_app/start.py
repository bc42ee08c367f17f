"""Starts the review app: `python -m review_app.start --home HOME --port 8411 --api URL`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from review_app.launch import outside_secrets_toml, secrets_toml, streamlit_arguments
from review_app.settings import settings

CLIENT_ID = "review-app"


def main(arguments: list[str]) -> None:
    """Write Streamlit's secrets from those the API made, and become Streamlit."""
    parser = argparse.ArgumentParser(description="Start the review app of an installation.")
    parser.add_argument("--home", type=Path, required=True, help="home folder of the installation")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8411, help="port to listen on")
    parser.add_argument("--api", required=True, help="address of the API")
    parser.add_argument("--public-url", required=True, help="address people's browsers use")
    chosen = parser.parse_args(arguments)
    folder = chosen.home / "secrets"
    secrets_file = folder / "streamlit.toml"
    secrets_file.touch(mode=0o600)
    secrets_file.write_text(_log_in(folder, api=chosen.api, public_url=chosen.public_url))
    os.environ["COUNTERSIGN_API_URL"] = chosen.api  # noqa: TID251 - handed to Streamlit
    os.execv(  # noqa: S606 - our own interpreter, arguments as a list
        sys.executable,
        [
            sys.executable,
            "-m",
            "streamlit",
            *streamlit_arguments(
                port=chosen.port,
                secrets_file=secrets_file,
                address=chosen.address,
                public_host=urlsplit(chosen.public_url).hostname or chosen.address,
            ),
        ],
    )


def _log_in(folder: Path, *, api: str, public_url: str) -> str:
    """Give Streamlit's secrets: the company's own log-in where one is set, else the API's."""
    redirect_uri = f"{public_url}/oauth2callback"
    cookie_secret = (folder / "cookie.secret").read_text()
    outside = settings().outside_log_in
    if outside is not None:
        return outside_secrets_toml(
            redirect_uri=redirect_uri,
            cookie_secret=cookie_secret,
            client_id=outside.client_id,
            client_secret=outside.client_secret,
            issuer=outside.issuer,
        )
    return secrets_toml(
        redirect_uri=redirect_uri,
        cookie_secret=cookie_secret,
        client_id=CLIENT_ID,
        client_secret=(folder / "oidc_client.secret").read_text(),
        server_metadata_url=f"{api}/oidc/.well-known/openid-configuration",
    )


if __name__ == "__main__":
    main(sys.argv[1:])

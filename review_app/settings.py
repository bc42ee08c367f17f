"""What the review app is told by its environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit, urlunsplit

DEFAULT_API_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLogIn:
    """The company's own log-in, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the API is, and how people log in."""

    api_url: str
    outside_log_in: OutsideLogIn | None = None
    """None where people have a password of ours."""
    mlflow_url: str = ""
    """Where people open MLflow; empty where it is a store of files."""


@cache
def settings() -> Settings:
    """Read COUNTERSIGN_API_URL, _OIDC_* and _MLFLOW_TRACKING_URI, once for the process."""
    return Settings(
        api_url=os.environ.get("COUNTERSIGN_API_URL", DEFAULT_API_URL),
        outside_log_in=_outside_log_in(),
        mlflow_url=_shown_address(os.environ.get("COUNTERSIGN_MLFLOW_TRACKING_URI", "")),
    )


def _outside_log_in() -> OutsideLogIn | None:
    issuer = os.environ.get("COUNTERSIGN_OIDC_ISSUER", "")
    if not issuer:
        return None
    return OutsideLogIn(
        issuer=issuer,
        client_id=os.environ.get("COUNTERSIGN_OIDC_CLIENT_ID", ""),
        client_secret=os.environ.get("COUNTERSIGN_OIDC_CLIENT_SECRET", ""),
    )


def _shown_address(uri: str) -> str:
    """An address that a browser can open; a name and password in it are left out."""
    parts = urlsplit(uri)
    if parts.scheme not in {"http", "https"}:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

"""How a connection says who it is; secrets are named here and stand in files of their own."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from data.schemas.values import Name, Record
from service.connectors.rest_template import RelativePath

SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""The name of a secret, never the secret: small letters, digits and underscores."""
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,99}$")]


class NoAuth(Record):
    """Nobody asks who calls."""

    kind: Literal["none"] = "none"


class TokenAuth(Record):
    """A token in the header Authorization: `Bearer <secret>`, or another word before it."""

    kind: Literal["bearer"]
    secret: SecretName
    word: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,30}$")] = "Bearer"
    """ERPNext writes `token`, and the secret there is `<api key>:<api secret>`."""


class BasicAuth(Record):
    """A name and a password with each request."""

    kind: Literal["basic"]
    user: Name
    secret: SecretName


class HeaderAuth(Record):
    """A key in a header of its own."""

    kind: Literal["header"]
    header: HeaderName
    secret: SecretName


class OAuth(Record):
    """Client credentials of OAuth 2.0: a token is fetched, used and fetched again.

    The token comes from the same address as everything else. From: RFC 6749, section 4.4.
    """

    kind: Literal["oauth"]
    token_path: RelativePath
    client_id: Name
    secret: SecretName
    scope: Name | None = None


Auth = Annotated[
    NoAuth | TokenAuth | BasicAuth | HeaderAuth | OAuth, Field(discriminator="kind")
]  # fmt: skip


class MissingSecretError(Exception):
    """A secret that a connection file names is not kept, or cannot be sent; the text says how."""


@dataclass(frozen=True, slots=True)
class SecretFiles:
    """Secrets in one folder, a file each; the file's name is the secret's name."""

    folder: Path

    def path(self, name: str) -> Path:
        """Give the file of a secret."""
        return self.folder / f"connection-{name}"

    def read(self, name: str) -> str:
        """Give a secret. Raises MissingSecretError with the command that puts it there."""
        try:
            secret = self.path(name).read_text("utf-8").strip()
        except FileNotFoundError:
            secret = ""
        if not secret or not re.fullmatch(r"[\x21-\x7e]+( [\x21-\x7e]+)*", secret):
            what = "holds characters no header may carry" if secret else "is not set"
            raise MissingSecretError(
                f"the secret {name} {what}; run `countersign connection secret {name}` and type it,"
                f" or write it into {self.path(name)}, readable by the service alone"
            )
        return secret

    def keep(self, name: str, secret: str) -> None:
        """Write a secret, for the service's user alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path(name)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(secret.strip() + "\n", "utf-8")


def headers_of(auth: Auth, *, secrets: SecretFiles) -> Mapping[str, str]:
    """Give the headers that say who calls; OAuth's come with its token, later."""
    match auth:
        case TokenAuth():
            return {"Authorization": f"{auth.word} {secrets.read(auth.secret)}"}
        case BasicAuth():
            pair = f"{auth.user}:{secrets.read(auth.secret)}"
            return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        case HeaderAuth():
            return {auth.header: secrets.read(auth.secret)}
        case NoAuth() | OAuth():
            return {}

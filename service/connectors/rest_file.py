"""A connection to a system nobody here has seen: one YAML file says everything about it."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from data.schemas.values import Name, Record, Text
from service.connectors.outside_address import DEFAULT_PORTS, OutsideHosts
from service.connectors.rest_auth import Auth, HeaderName, NoAuth
from service.connectors.rest_entities import Entity, EntityName
from service.connectors.rest_ledger_file import LedgerSection
from service.connectors.rest_paths import NamedPath
from service.connectors.yaml_file import YamlFile
from service.ports.outside import ForbiddenAddressError
from service.ports.outside_errors import FailureClass

SCHEMA_ADDRESS = "urn:countersign:connection"

ConnectionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


def _base_address(url: str) -> str:
    """Refuse an address that says more than where a system is, or that travels in the open."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is no web address; write it as https://psa.example.com/api/")
    if parts.username or parts.password:
        raise ValueError("holds a name or a password; put them under `auth`, as a secret")
    if parts.query or parts.fragment:
        raise ValueError("holds a query; put it under the `query` of each request")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("sends secrets in the open; write https://")
    whole = url if url.endswith("/") else f"{url}/"
    try:
        only_host(whole).check(whole)
    except ForbiddenAddressError as error:
        raise ValueError(f"may not be called: {error}") from error
    return whole


def only_host(url: str) -> OutsideHosts:
    """Give the rule that lets one address's host and port be called, and nothing else.

    An ERP mostly stands in the firm's own network, so that is allowed; what hands out the
    credentials of a machine never is.
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return OutsideHosts(inside=(f"{host}:{port}",))


BaseAddress = Annotated[str, Field(max_length=300), AfterValidator(_base_address)]


class Connection(Record):
    """One system: who we are there, what is read from it, and how bills go into it."""

    name: ConnectionName
    """Ours for it; the mappings say it as `source`, and the audit trail as the actor."""
    about: Text = ""
    base_url: BaseAddress
    """Every request goes below this address, and never to another host."""
    auth: Auth = NoAuth()
    headers: dict[HeaderName, Text] = Field(default_factory=dict)
    """Sent with every request; no secrets."""
    timeout_seconds: Annotated[float, Field(gt=0, le=600, strict=False)] = 60.0
    message: NamedPath | None = None
    """Where an error's answer says in words what is wrong; nothing else of it is shown."""
    errors: dict[Annotated[int, Field(ge=400, le=599, strict=False)], FailureClass] = Field(
        default_factory=dict
    )
    """What may be done after a status that this system uses in its own way."""
    entities: dict[EntityName, Entity] = Field(default_factory=dict)
    """What is read, in this order: people and contracts before the work that names them."""
    ledger: LedgerSection | None = None

    @model_validator(mode="after")
    def _is_of_use(self) -> Connection:
        if not self.entities and self.ledger is None:
            raise ValueError("neither reads nor writes; add `entities`, `ledger`, or both")
        return self

    @model_validator(mode="after")
    def _sources_agree(self) -> Connection:
        for name, entity in self.entities.items():
            source = entity.mapping.source
            if source != self.name and "source" in entity.mapping.model_fields_set:
                raise ValueError(
                    f"is called {self.name}, but the mapping of {name} says the source {source}; "
                    "write the same name"
                )
        return self


def read_connection(path: Path) -> Connection:
    """Read a connection file. Raises FileMistakesError with every mistake, line and remedy."""
    return YamlFile(path).parsed(Connection)


def connection_schema() -> str:
    """Give the JSON Schema of a connection file as text that ends with a line feed."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ADDRESS,
        **Connection.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def label_of(connection: Connection) -> Name:
    """Give the name of the system as errors say it."""
    return f"The connection {connection.name!r}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

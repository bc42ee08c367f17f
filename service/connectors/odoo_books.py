"""Which partner, product and currency of Odoo a bill is written with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from data.schemas.values import Identifier, Name, Record
from service.connectors.file_mapping import AnyMapping
from service.connectors.odoo_rpc import OdooRpc
from service.connectors.odoo_source import ENTITIES
from service.connectors.rest_entities import RowMapping
from service.connectors.yaml_file import Place, YamlFile
from service.ports.outside_errors import OutsideRefusedError


class OdooFile(Record):
    """What Odoo does not say: which client a partner is, and how its rows fill our fields."""

    clients: dict[Identifier, Name]
    """Our client id, and the name of the partner in Odoo."""
    product_id: Annotated[int, Field(ge=1)]
    """The product that time is billed as, by its id in Odoo."""
    tax_ids: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Taxes of every line, by their ids; none without it."""
    entities: dict[Name, RowMapping] = Field(default_factory=dict)
    """A mapping, as for files, for each entity that is read; names as in Odoo's answer."""


def read_odoo_file(path: Path) -> OdooFile:
    """Read the file. Raises FileMistakesError with every mistake, its line and its remedy."""
    file = YamlFile(path)
    read = file.parsed(OdooFile)
    reason = f"is nothing we read of Odoo; write one of {', '.join(ENTITIES)}"
    unknown: list[Place] = [("entities", name) for name in read.entities if name not in ENTITIES]
    if unknown:
        raise file.mistakes(
            [file.problem(place, value=place[-1], reason=reason) for place in unknown]
        )
    return read


@dataclass(slots=True, kw_only=True)
class OdooBooks:
    """Looks names up once, and keeps their ids."""

    rpc: OdooRpc
    file: OdooFile
    _ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def partner_id(self, client_id: str) -> int:
        """Give the partner of a client. Raises OutsideRefusedError."""
        name = self.file.clients.get(client_id)
        if name is None:
            raise OutsideRefusedError(
                f"the Odoo file names no partner for the client {client_id!r}; add it under "
                "`clients`, then try the posting again"
            )
        return self._id("res.partner", name)

    def currency_id(self, code: str) -> int:
        """Give a currency. Raises OutsideRefusedError where it is not active in Odoo."""
        return self._id("res.currency", code)

    def forget(self) -> None:
        """Look everything up anew: somebody may have mended it."""
        self._ids.clear()

    def _id(self, model: str, name: str) -> int:
        known = self._ids.get((model, name))
        if known is not None:
            return known
        found = self.rpc.search(model, domain=[["name", "=", name]], fields=["name"], limit=2)
        if len(found) != 1:
            count = "no" if not found else "more than one"
            raise OutsideRefusedError(
                f"Odoo has {count} {model} called {name!r}; correct the name in Odoo or in the "
                "Odoo file, then try the posting again"
            )
        self._ids[model, name] = int(found[0]["id"])
        return self._ids[model, name]


def mappings_of(file: OdooFile) -> Mapping[str, AnyMapping]:
    """Give the mappings, their rows named as Odoo's."""
    return {
        name: one.model_copy(update={"source": "odoo"})
        for name, one in file.entities.items()
    }  # fmt: skip

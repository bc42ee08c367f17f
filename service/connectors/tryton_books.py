"""Where a bill goes in Tryton's books: company, journal, accounts, units, looked up once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.schemas.values import Name, Record
from service.connectors.tryton_rest import Domain, TrytonRest
from service.connectors.tryton_wire import Values
from service.ports.outside_errors import OutsideRefusedError

CANDIDATES = 100
"""Records looked at to find the one by its name."""


class BookSettings(Record):
    """Which books to use; what is left out is taken from Tryton's own configuration."""

    company: Name | None = None
    journal: Name | None = None
    revenue_account: Name | None = None
    hour_unit: Name = "Hour"
    hour_product: Name | None = None
    fixed_unit: Name = "Unit"
    fixed_product: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is billed, as Tryton knows them."""

    id: int
    address_id: int
    payment_term_id: int | None
    receivable_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a quantity counts, and how many digits after the point it may have."""

    id: int
    digits: int
    product_id: int | None


@dataclass(slots=True)
class Books:
    """Ids of the books of one company; every look-up is kept until `forget`."""

    rest: TrytonRest
    settings: BookSettings
    party_names: Mapping[str, str]
    """Our client id to the name of the party in Tryton."""
    _kept: dict[str, int] = field(default_factory=dict)
    _parties: dict[str, Party] = field(default_factory=dict)
    _units: dict[bool, Unit] = field(default_factory=dict)

    def forget(self) -> None:
        """Look everything up anew next time: an account may have been closed since."""
        self._kept.clear()
        self._parties.clear()
        self._units.clear()

    def company_id(self) -> int:
        """The company whose books these are."""
        name = self.settings.company
        domain: Domain = [["party.name", "=", name]] if name else []
        return self._id("company", model="company.company", domain=domain, remedy="company")

    def journal_id(self) -> int:
        """The revenue journal, by name where settings give one."""
        name = self.settings.journal
        domain: list[object] = [["type", "=", "revenue"]]
        if name:
            domain.append(["OR", ["name", "=", name], ["code", "=", name]])
        return self._id("journal", model="account.journal", domain=domain, remedy="journal")

    def revenue_account_id(self) -> int:
        """The account lines are booked on.

        Accounts that only head a group are closed and make every invoice fail, so they never count.
        """
        code = self.settings.revenue_account
        return self._account("type.revenue", code=code, default="default_category_account_revenue")

    def currency_id(self, code: str) -> int:
        """The currency of this ISO 4217 code."""
        domain = [["code", "=", code]]
        return self._id(f"currency {code}", model="currency.currency", domain=domain)

    def unit(self, *, is_time: bool) -> Unit:
        """The unit (and product, where settings name one) of time, or of a fixed amount."""
        if is_time not in self._units:
            settings = self.settings
            name = settings.hour_unit if is_time else settings.fixed_unit
            product = settings.hour_product if is_time else settings.fixed_product
            found = self._one("product.uom", domain=[["name", "=", name]], fields=["digits"])
            self._units[is_time] = Unit(
                id=found["id"],
                digits=found["digits"],
                product_id=self._product_id(product) if product else None,
            )
        return self._units[is_time]

    def party(self, client_id: str) -> Party:
        """The party that stands for our client."""
        if client_id not in self._parties:
            self._parties[client_id] = self._found_party(client_id)
        return self._parties[client_id]

    def _found_party(self, client_id: str) -> Party:
        name = self.party_names.get(client_id)
        if name is None:
            raise OutsideRefusedError(
                f"the client {client_id!r} has no party in Tryton; "
                "name it under tryton.clients in the terms file"
            )
        found = self._one(
            "party.party",
            domain=[["name", "=", name]],
            fields=["addresses.id", "customer_payment_term.id", "account_receivable.id"],
        )
        if not found["addresses"]:
            raise OutsideRefusedError(f"the party {name!r} has no address in Tryton; add one")
        term, receivable = found["customer_payment_term"], found["account_receivable"]
        return Party(
            id=found["id"],
            address_id=found["addresses"][0]["id"],
            payment_term_id=term["id"] if term else None,
            receivable_id=receivable["id"] if receivable else self._receivable_id(),
        )

    def _receivable_id(self) -> int:
        return self._account("type.receivable", code=None, default="default_account_receivable")

    def _account(self, kind: str, *, code: str | None, default: str) -> int:
        open_accounts: list[object] = [
            [kind, "=", True],
            ["closed", "!=", True],
            ["company", "=", self.company_id()],
        ]
        if code:
            domain = [*open_accounts, ["code", "=", code]]
            return self._id(kind, model="account.account", domain=domain, remedy="revenue_account")
        configured = self._configured(default)
        if configured is None:
            return self._id(kind, model="account.account", domain=open_accounts, first=True)
        domain = [*open_accounts, ["id", "=", configured]]
        return self._id(kind, model="account.account", domain=domain, remedy="revenue_account")

    def _configured(self, default: str) -> int | None:
        found = self.rest.search("account.configuration", fields=[f"{default}.id"], limit=1)
        account = found[0][default] if found else None
        return account["id"] if account else None

    def _product_id(self, name: str) -> int:
        domain = [["template.name", "=", name]]
        return self._id(f"product {name}", model="product.product", domain=domain)

    def _id(
        self,
        key: str,
        *,
        model: str,
        domain: Domain,
        remedy: str | None = None,
        first: bool = False,
    ) -> int:
        if key not in self._kept:
            found = self._one(model, domain=domain, fields=["id"], remedy=remedy, first=first)
            self._kept[key] = found["id"]
        return self._kept[key]

    def _one(
        self,
        model: str,
        *,
        domain: Domain,
        fields: list[str],
        remedy: str | None = None,
        first: bool = False,
    ) -> Values:
        found = self.rest.search(model, domain=domain, fields=fields, limit=CANDIDATES)
        if len(found) == 1 or (found and first):
            return found[0]
        ask = f"set tryton.books.{remedy} in the terms file" if remedy else "name it exactly once"
        raise OutsideRefusedError(
            f"Tryton has {len(found) or 'no'} {model} for {list(domain)}, not one; {ask}"
        )

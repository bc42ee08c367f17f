"""An Odoo 19 as its JSON-2 interface behaves: strict where it is, careless where it is.

Times are kept in microseconds and shown in seconds, a reference may be taken twice, a missing id
gives an empty list, an unknown field a 500, and every error brings a trace along.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2

KEY = "an-odoo-key"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
STEP = timedelta(milliseconds=150)
"""Between two writes: several share the second that is shown."""

SHAPES: dict[str, dict[str, str]] = {
    "res.partner": {"name": "char"},
    "res.currency": {"name": "char"},
    "hr.employee": {"name": "char", "hourly_cost": "float", "parent_id": "hr.employee"},
    "project.project": {"name": "char", "partner_id": "res.partner", "user_id": "char"},
    "project.milestone": {
        "name": "char", "project_id": "project.project", "deadline": "char", "is_reached": "bool",
        "reached_date": "char", "sale_line_id": "sale.order.line", "quantity_percentage": "float",
    },
    "crm.lead": {
        "name": "char", "expected_revenue": "float", "probability": "float", "stage_id": "char",
        "date_deadline": "char",
    },
    "sale.order.line": {"name": "char"},
    "account.analytic.line": {
        "date": "char", "unit_amount": "float", "name": "char", "employee_id": "hr.employee",
        "project_id": "project.project", "task_id": "char", "so_line": "sale.order.line",
        "timesheet_invoice_id": "account.move", "timesheet_invoice_type": "char",
    },
    "account.move": {
        "move_type": "char", "partner_id": "res.partner", "currency_id": "res.currency",
        "ref": "char", "state": "char", "payment_state": "char", "amount_untaxed": "float",
        "invoice_date": "char", "invoice_origin": "char", "invoice_line_ids": "json",
        "invoice_payments_widget": "json", "name": "char",
    },
}  # fmt: skip


class _RefusedError(Exception):
    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name = status, name


@dataclass
class OdooServer:
    """Records by model and id. Methods change them past the interface, as people there do."""

    records: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {model: {} for model in SHAPES}
    )
    now: datetime = START
    lose_next_answer: bool = False
    """The next write is kept and its answer never comes."""
    lost: str = ""
    """A method whose next answer is lost, where only that one is meant."""
    calls: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, model: str, *, back: timedelta = timedelta(), **values: Any) -> int:
        """Create a record, as if its transaction began some time ago."""
        self.now += STEP
        known = self.records[model]
        record_id = max(known, default=0) + 1
        for name in values:
            self._known_field(model, name)
        known[record_id] = (
            dict.fromkeys(SHAPES[model], False)
            | values
            | {"id": record_id, "write_date": self.now - back}
        )
        return record_id

    def change(self, model: str, record_id: int, **values: Any) -> None:
        """Change a record."""
        self.now += STEP
        self.records[model][record_id] |= values | {"write_date": self.now}

    def delete(self, model: str, record_id: int) -> None:
        """Delete a record; nothing tells of it."""
        self.now += STEP
        del self.records[model][record_id]

    def pay(self, move_id: int, *, on: str, amount: str) -> None:
        """Note a payment of an invoice."""
        move = self.records["account.move"][move_id]
        content = [*(move["invoice_payments_widget"] or {"content": []})["content"]]
        content.append({"date": on, "amount": Decimal(amount)})
        paid = sum(one["amount"] for one in content)
        state = "paid" if paid >= move["amount_untaxed"] else "partial"
        self.change(
            "account.move", move_id, payment_state=state,
            invoice_payments_widget={"content": content},
        )  # fmt: skip

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one call of JSON-2."""
        with self._lock:
            return self._answered(request)

    def _answered(self, request: httpx2.Request) -> httpx2.Response:
        _, _, _, model, method = request.url.path.split("/")
        self.calls.append(f"{model}/{method}")
        try:
            _refuse_stranger(request)
            found = self._method(model, method)(model, json.loads(request.content))
        except _RefusedError as error:
            told = {
                "name": error.name, "message": str(error), "arguments": [str(error)],
                "context": {}, "debug": "Traceback: File /opt/odoo/secret_path.py, line 7",
            }  # fmt: skip
            return httpx2.Response(error.status, json=told)
        is_write = method not in {"search_read", "read"}
        if is_write and (self.lose_next_answer or self.lost == method):
            self.lose_next_answer, self.lost = False, ""
            raise httpx2.ReadTimeout("no answer in time", request=request)
        return httpx2.Response(200, text=json.dumps(found, default=_number))

    def _method(self, model: str, method: str) -> Callable[[str, dict[str, Any]], Any]:
        methods = {
            "search_read": self._search,
            "create": self._create,
            "write": self._write,
            "action_post": self._post,
        }
        if model not in SHAPES or method not in methods:
            raise _RefusedError(404, "werkzeug.exceptions.NotFound", f"no {model}/{method}")
        return methods[method]

    def _search(self, model: str, said: dict[str, Any]) -> list[dict[str, Any]]:
        for name in (*said["fields"], *(one[0] for one in said["domain"])):
            self._known_field(model, name)
        found = [
            one
            for one in self.records[model].values()
            if all(_fits(one, *t) for t in said["domain"])
        ]
        names = [name.strip() for name in said["order"].split(",")]
        found.sort(key=lambda one: [one[name] for name in names])
        cut = found[said["offset"] : said["offset"] + said["limit"]]
        return [
            {"id": one["id"], **{name: self._shown(model, name, one) for name in said["fields"]}}
            for one in cut
        ]

    def _create(self, model: str, said: dict[str, Any]) -> list[int]:
        made = []
        for values in said["vals_list"]:
            more = {}
            if model == "account.move":
                if not values.get("partner_id"):
                    raise _RefusedError(422, "odoo.exceptions.UserError", "a customer is required")
                lines = [line[2] for line in values["invoice_line_ids"]]
                total = sum(
                    round(Decimal(str(one["quantity"])) * Decimal(str(one["price_unit"])), 2)
                    for one in lines
                )
                more = {"state": "draft", "payment_state": "not_paid", "amount_untaxed": total}
            made.append(self.add(model, **values, **more))
        return made

    def _write(self, model: str, said: dict[str, Any]) -> bool:
        for record_id in said["ids"]:
            record = self.records[model].get(record_id)
            if record is None:
                raise _RefusedError(404, "odoo.exceptions.MissingError", "Record does not exist")
            if model == "account.analytic.line" and record["timesheet_invoice_id"]:
                raise _RefusedError(
                    422, "odoo.exceptions.UserError",
                    "You cannot modify timesheets that are already invoiced",
                )  # fmt: skip
            for name in said["vals"]:
                self._known_field(model, name)
            self.change(model, record_id, **said["vals"])
        return True

    def _post(self, model: str, said: dict[str, Any]) -> bool:
        for record_id in said["ids"]:
            if self.records[model][record_id]["state"] != "draft":
                message = "The entry must be in draft."
                raise _RefusedError(422, "odoo.exceptions.UserError", message)
            self.change(model, record_id, state="posted", name=f"INV/2026/{record_id:05}")
        return False

    def _known_field(self, model: str, name: str) -> None:
        if name not in SHAPES[model] and name not in {"id", "write_date"}:
            raise _RefusedError(500, "builtins.ValueError", f"Invalid field {name!r} on {model!r}")

    def _shown(self, model: str, name: str, record: dict[str, Any]) -> Any:
        value, kind = record[name], SHAPES[model].get(name, "")
        if name == "write_date":
            return value.strftime("%Y-%m-%d %H:%M:%S")
        if kind in self.records and value is not False:
            return [value, self.records[kind].get(value, {}).get("name") or str(value)]
        return value


def _refuse_stranger(request: httpx2.Request) -> None:
    if request.headers.get("Authorization") != f"bearer {KEY}":
        raise _RefusedError(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey")


def _fits(record: dict[str, Any], name: str, how: str, value: Any) -> bool:
    own = record[name]
    if name == "write_date":
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    match how:
        case "=":
            return own == value
        case "!=":
            return own != value
        case "in":
            return own in value
        case ">=":
            return own >= value
        case ">":
            return own > value
        case _:
            raise _RefusedError(422, "builtins.ValueError", f"no operator {how}")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)

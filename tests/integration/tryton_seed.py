"""Fills an empty Tryton 8.2 database with the small company of data/samples/tryton_terms.yaml.

Runs inside the server's own environment: tryton_seed.py CONFIG_FILE DATABASE. The last line it
prints is a JSON object with the key for the REST interface and the ids the tests start from.
"""

import json
import sys
from datetime import date, timedelta
from decimal import Decimal

from proteus import Model, Wizard, config

FIRST_MONDAY = date(2026, 3, 2)
YEARS = (2026, 2027)
PEOPLE = ("Ana Diaz", "Bo Lindqvist", "Chen Wei")
CLIENTS = ("Acme Manufacturing", "Bluewater Bank")
PROJECTS = (
    ("Acme T&M rollout", "Acme Manufacturing", "timesheet", ("Discovery", "Build"), "Consulting"),
    ("Bluewater fixed price", "Bluewater Bank", "effort",
     ("M1 design accepted", "M2 go-live"), "Milestone"),
    ("Acme retainer progress", "Acme Manufacturing", "progress", ("Run phase",), "Consulting"),
)  # fmt: skip


def main(config_file, database):
    """Seed the database and print what the tests need to know."""
    session = config.set_trytond(database=database, user="admin", config_file=config_file)
    company = make_company(session)
    revenue = make_chart(session, company=company)
    make_years(company)
    make_payment_method(company)
    parties = {name: make_client(name) for name in CLIENTS}
    employees = [make_employee(name, company=company) for name in PEOPLE]
    products = make_products(revenue)
    tasks = make_projects(parties, products=products)
    plan_staff(employees, tasks=tasks)
    make_timesheet_lines(session, employees=employees, tasks=tasks, company=company)
    make_opportunity(parties["Acme Manufacturing"], employee=employees[0], company=company)
    known = {"api_key": make_rest_key(session), "company_id": company.id}
    sys.stdout.write(json.dumps(known) + "\n")


def make_company(session):
    """Give the database its one company, in US dollars."""
    dollar = Model.get("currency.currency")(
        name="US Dollar", symbol="$", code="USD", numeric_code="840", digits=2,
        rounding=Decimal("0.01"),
    )  # fmt: skip
    dollar.save()
    party = named("party.party", "Harbor Advisory LLC")
    wizard = Wizard("company.company.config")
    wizard.execute("company")
    wizard.form.party, wizard.form.currency = party, dollar
    wizard.execute("add")
    session._context = Model.get("res.user").get_preferences(True, {})
    return Model.get("company.company").find([])[0]


def make_chart(session, *, company):
    """Create the accounts from Tryton's own template and give the account revenue is booked on."""
    template_id = Model.get("ir.model.data").get_id("account.account_template_root_en", {})
    wizard = Wizard("account.create_chart")
    wizard.execute("account")
    wizard.form.account_template = Model.get("account.account.template")(template_id)
    wizard.form.company = company
    wizard.execute("create_account")
    wizard.form.account_receivable = open_account("type.receivable", company=company)
    wizard.form.account_payable = open_account("type.payable", company=company)
    revenue = open_account("type.revenue", company=company)
    wizard.form.category_account_revenue = revenue
    wizard.form.category_account_expense = open_account("type.expense", company=company)
    wizard.execute("create_properties")
    return revenue


def open_account(kind, *, company):
    """Give the first account of a kind that can be booked on."""
    domain = [(kind, "=", True), ("company", "=", company.id), ("closed", "!=", True)]
    return Model.get("account.account").find(domain, limit=1)[0]


def make_years(company):
    """Open the fiscal years, each with its number ranges and months."""
    for year in YEARS:
        numbers = number_range(f"Invoices {year}", kind="Invoice", company=company)
        fiscal_year = Model.get("account.fiscalyear")(
            name=str(year), company=company,
            start_date=date(year, 1, 1), end_date=date(year, 12, 31),
            move_sequence=number_range(f"Moves {year}", kind="Account Move", company=company),
        )  # fmt: skip
        for use in fiscal_year.invoice_sequences:
            use.out_invoice_sequence = use.in_invoice_sequence = numbers
            use.out_credit_note_sequence = use.in_credit_note_sequence = numbers
        fiscal_year.save()
        fiscal_year.click("create_period")


def number_range(name, *, kind, company):
    """Create a number range without gaps."""
    sequence_type = Model.get("ir.sequence.type").find([("name", "=", kind)], limit=1)[0]
    numbers = Model.get("ir.sequence.strict")(
        name=name, sequence_type=sequence_type, company=company, prefix=f"{name[:3].upper()}-"
    )
    numbers.save()
    return numbers


def make_payment_method(company):
    """Let invoices be paid by bank."""
    journals = Model.get("account.journal")
    accounts = Model.get("account.account")
    found = journals.find([("type", "=", "cash")], limit=1)
    journal = found[0] if found else journals(name="Bank", code="BANK", type="cash")
    if not found:
        journal.save()
    cash = accounts.find([
        ("company", "=", company.id), ("closed", "!=", True), ("code", "like", "1.1.1%"),
    ], limit=1)[0]  # fmt: skip
    Model.get("account.invoice.payment.method")(
        name="Bank", company=company, journal=journal, debit_account=cash, credit_account=cash,
    ).save()  # fmt: skip


def make_client(name):
    """Create a client with an address, who pays in 30 days."""
    terms = Model.get("account.invoice.payment_term")
    party = Model.get("party.party")(
        name=name, customer_payment_term=terms.find([("name", "=", "Net 30 days")])[0]
    )
    party.addresses[0].street, party.addresses[0].city = "1 Harbor Road", "Boston"
    party.save()
    return party


def make_employee(name, *, company):
    """Create somebody who has worked here since 2024."""
    employee = Model.get("company.employee")(
        party=named("party.party", name), company=company, start_date=date(2024, 1, 1)
    )
    employee.save()
    return employee


def make_products(revenue):
    """Create what is sold: an hour, and a milestone."""
    category = Model.get("product.category")(
        name="Services", accounting=True, account_revenue=revenue
    )
    category.save()
    unit = Model.get("product.uom")
    products = {}
    for name, unit_name, price in (("Consulting", "Hour", "180"), ("Milestone", "Unit", "15000")):
        template = Model.get("product.template")(
            name=name, type="service", default_uom=unit.find([("name", "=", unit_name)])[0],
            list_price=Decimal(price), account_category=category,
        )  # fmt: skip
        template.save()
        products[name] = template.products[0]
    return products


def make_projects(parties, *, products):
    """Create the projects and give their tasks, in order."""
    tasks = []
    for name, client, method, task_names, product in PROJECTS:
        project = Model.get("project.work")(
            name=name, type="project", party=parties[client], project_invoice_method=method,
            product=products["Consulting"],
        )  # fmt: skip
        for task_name in task_names:
            task = project.children.new(name=task_name, type="task", product=products[product])
            task.timesheet_available = True
            task.effort_duration = timedelta(hours=40)
        project.save()
        tasks += project.children
    return tasks


def plan_staff(employees, *, tasks):
    """Plan Bo and Chen on the first milestone of the fixed price."""
    (milestone,) = [task for task in tasks if task.name == "M1 design accepted"]
    for employee in employees[1:]:
        Model.get("project.allocation")(
            employee=employee, work=milestone, percentage=50.0
        ).save()  # fmt: skip


def make_timesheet_lines(session, *, employees, tasks, company):
    """Book two weeks of five days for everybody, on the tasks in turn: 30 lines in one call."""
    works = [work for task in tasks for work in task.timesheet_works]
    values = [
        {
            "employee": employee.id,
            "company": company.id,
            "work": works[(day + number) % len(works)].id,
            "date": FIRST_MONDAY + timedelta(days=day // 5 * 7 + day % 5),
            "duration": timedelta(minutes=360 + 15 * ((day + 2 * number) % 7)),
            "description": f"Work of day {day + 1}",
        }
        for day in range(10)
        for number, employee in enumerate(employees)
    ]
    Model.get("timesheet.line")._proxy.create(values, session.context)


def make_opportunity(party, *, employee, company):
    """Create one opportunity of the pipeline."""
    Model.get("sale.opportunity")(
        description="Acme phase 2", party=party, amount=Decimal("90000.00"),
        employee=employee, company=company,
    ).save()  # fmt: skip


def make_rest_key(session):
    """Create a key for the REST interface; one made by an administrator is valid at once."""
    user = Model.get("res.user")(session.user)
    application = Model.get("res.user.application")(application="rest", user=user)
    application.save()
    return application.key


def named(model, name):
    """Create a record of which only the name is known."""
    record = Model.get(model)(name=name)
    record.save()
    return record


if __name__ == "__main__":
    main(*sys.argv[1:])

"""T19: the narrative is empty, has too few words, or holds a phrase the client does not pay for.

A quarter of such lines is rejected, unless a row says otherwise. An hour is 120.00.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import ChangeOrderStatus, Proof
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.NARRATIVE_INSUFFICIENT
CLAUSE = "CL-billing_guidelines"
TUESDAY = date(2026, 3, 3)
SIX_WORDS = "Built the import of supplier invoices"
STOCK = "General work on various tasks"


def _under(**terms):
    return reference(contract(clauses=clauses(BillingGuidelines(**terms))))


def _sheet(narrative, *, day=MONDAY, minutes=90, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, narrative=narrative, **overrides)
    return timesheet(entries=(work,))


def _restated(day, **overrides):
    """A sheet of six words under a contract that asks for seven from Wednesday on."""
    order = restating(BillingGuidelines(min_words=7), **overrides)
    agreed = contract(clauses=clauses(BillingGuidelines(min_words=3)), change_orders=(order,))
    return {"item": _sheet(SIX_WORDS, day=day), "under": reference(agreed)}


def _in_currency(currency, **overrides):
    agreed = contract(currency=currency, clauses=clauses(BillingGuidelines()))
    work = entry(narrative="", **overrides)
    return {
        "item": timesheet(currency=currency, entries=(work,)),
        "under": reference(agreed),
    }


ROWS = (
    Row(
        name="six words where five are asked for",
        shows=Aspect.CLEAN,
        item=_sheet(SIX_WORDS),
        under=_under(min_words=5),
    ),
    Row(
        name="exactly as many words as asked for",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("Built import of supplier invoices"),
        under=_under(min_words=5),
    ),
    Row(
        # 90 min are 180.00, of which a quarter is 45.00.
        name="one word too few",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("Built import of invoices"),
        under=_under(min_words=5),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an empty narrative where no number of words is agreed",
        shows=Aspect.HIT,
        item=_sheet(""),
        under=_under(),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="dots and dashes are not words",
        shows=Aspect.HIT,
        item=_sheet(" ... / -- _ "),
        under=_under(),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a ticket number counts as a word",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("Rebuilt supplier import, ticket 4711"),
        under=_under(min_words=5),
    ),
    Row(
        # "kick", "off", "graz": three runs of letters.
        name="a hyphen parts two words",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("Kick-off Graz"),
        under=_under(min_words=3),
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21, a quarter of which is 12.5525 -> 12.55.
        name="a banned phrase in other case and spacing",
        shows=Aspect.HIT,
        item=_sheet(
            "Worked on VARIOUS  tasks, for the release of the payment module",
            minutes=25,
            hourly_rate_minor=12_050,
        ),
        under=_under(banned_phrases=("various tasks",)),
        expected={"E-1": 12_55},
        clause_id=CLAUSE,
    ),
    Row(
        # Both become "follow up".
        name="a banned phrase that the narrative hyphenates",
        shows=Aspect.HIT,
        item=_sheet("Wrote follow-up questions to the auditor of the ledger"),
        under=_under(banned_phrases=("follow up",)),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Folded, the sharp s is a double s.
        name="a banned phrase spelled with a sharp s",
        shows=Aspect.HIT,
        item=_sheet("Diverse Maßnahmen im Modul der Zahlungen umgesetzt"),
        under=_under(banned_phrases=("diverse massnahmen",)),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a banned phrase inside a longer word",
        shows=Aspect.CLEAN,
        item=_sheet("Administered the ledger database of the settlement run"),
        under=_under(banned_phrases=("admin",)),
    ),
    Row(
        name="the words of a banned phrase with another word between them",
        shows=Aspect.CLEAN,
        item=_sheet("Tested various settlement tasks of the payment module"),
        under=_under(banned_phrases=("various tasks",)),
    ),
    Row(
        # 60 min x 120.02, of which a quarter is 30.005: the half goes up.
        name="half a cent goes up",
        shows=Aspect.HIT,
        item=_sheet("", minutes=60, hourly_rate_minor=12_002),
        under=_under(),
        expected={"E-1": 30_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 120.50 x 0.29 = 34.945: the half goes up, though 0.29 has no exact binary form.
        name="half a cent of a share that has no binary form goes up too",
        shows=Aspect.HIT,
        item=_sheet("", minutes=60, hourly_rate_minor=12_050),
        under=_under(rejection_probability=0.29),
        expected={"E-1": 34_95},
        clause_id=CLAUSE,
    ),
    Row(
        name="an empty narrative of work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet("", minutes_billable=0),
        under=_under(),
    ),
    Row(
        # 30 of 90 minutes are billed: 60.00, of which a quarter is 15.00.
        name="only what is billed is at stake",
        shows=Aspect.HIT,
        item=_sheet("", minutes_billable=30),
        under=_under(),
        expected={"E-1": 15_00},
        clause_id=CLAUSE,
    ),
    Row(
        # A quarter of 960.00 and of 120.00; the second entry says what was done.
        name="two poor entries around a good one",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", narrative="-"),
                entry(id="E-2", work_date=TUESDAY),
                entry(id="E-3", work_date=WEDNESDAY, minutes_worked=60, narrative=""),
            )
        ),
        under=_under(min_words=2),
        expected={"E-1": 240_00, "E-3": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a line that asks for fewer words than its contract",
        shows=Aspect.CLEAN,
        item=_sheet(SIX_WORDS),
        under=reference(
            contract(
                clauses=(
                    *clauses(BillingGuidelines(min_words=9)),
                    clause(BillingGuidelines(min_words=6), id="CL-line", line_id="L-1"),
                )
            )
        ),
    ),
    Row(
        name="a line that asks for more words than its contract",
        shows=Aspect.HIT,
        item=_sheet(SIX_WORDS),
        under=reference(
            contract(
                clauses=(
                    *clauses(BillingGuidelines(min_words=2)),
                    clause(BillingGuidelines(min_words=7), id="CL-line", line_id="L-1"),
                )
            )
        ),
        expected={"E-1": 45_00},
        clause_id="CL-line",
    ),
    Row(
        name="guidelines that nobody confirmed",
        shows=Aspect.CLEAN,
        item=_sheet(SIX_WORDS),
        under=reference(
            contract(
                clauses=(
                    *clauses(),
                    clause(BillingGuidelines(min_words=9), confirmed_by=None),
                )
            )
        ),
    ),
    Row(
        # 60 min at 10,001 yen, of which a quarter is 2,500.25 -> 2,500.
        name="yen have no smaller unit",
        shows=Aspect.HIT,
        **_in_currency("JPY", minutes_worked=60, hourly_rate_minor=10_001),
        expected={"E-1": 2_500},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 min x 35.125 dinars = 29.27083 -> 29.271, of which a quarter is 7.31775 -> 7.318.
        name="dinars have a thousand units",
        shows=Aspect.HIT,
        **_in_currency("KWD", minutes_worked=50, hourly_rate_minor=35_125),
        expected={"E-1": 7_318},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before seven words are asked for",
        shows=Aspect.BEFORE_AMENDMENT,
        **_restated(TUESDAY),
    ),
    Row(
        name="the day seven words are asked for",
        shows=Aspect.AMENDED,
        **_restated(WEDNESDAY),
        expected={"E-1": 45_00},
        clause_id="CL-new",
    ),
    Row(
        name="seven words are asked for in an order that was only sent",
        shows=Aspect.AMENDED,
        **_restated(WEDNESDAY, status=ChangeOrderStatus.SENT),
    ),
    Row(
        # By the model: 0.3 x 5 of 5 stock words x all of the sheet = 0.3, from 0.28 on; no rule
        # bans these words. 180.00 x 0.25.
        name="stock words alone",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_sheet(STOCK),
        under=_under(),
        expected={"E-1": 45_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.3 x 1 x 90 / 570 of the sheet's minutes = 0.047.
        name="one vague line among clear ones",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=90, narrative=STOCK),
                entry(id="E-2", work_date=TUESDAY),
            )
        ),
        under=_under(),
    ),
    Row(
        # The rule has proved it, so the model says nothing of it.
        name="stock words that are also too few",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_sheet(STOCK),
        under=_under(min_words=6),
    ),
)


@table(ROWS)
def test_narrative_insufficient(row):
    check_row(CODE, row)

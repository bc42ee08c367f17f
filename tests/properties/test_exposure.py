"""What holds of exposure whatever is found."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import Proof
from models.rules.exposure import marginal_exposures, net_exposure
from tests.builders.expenses import expense, expense_report
from tests.builders.items import entry, milestone, timesheet

FIXED_SEED = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
SHEET = timesheet(
    entries=(entry(), entry(id="E-2", hourly_rate_minor=1), entry(id="E-3", hourly_rate_minor=0))
)
ITEMS = (SHEET, milestone(), expense_report(expense(), expense(id="X-2")))
LARGEST = 2_000_00


@st.composite
def findings_of(draw, item):
    """Any codes on any rows, with any exposures."""
    rows = [item.item_id, "elsewhere"]
    rows += [one.id for one in getattr(item, "entries", getattr(item, "expenses", ()))]
    found = []
    for code in draw(st.lists(st.sampled_from(list(ExceptionCode)), max_size=6)):
        evidence = tuple(
            EvidenceRow(
                row_id=row,
                field="any",
                actual="",
                expected="",
                exposure_minor=draw(st.integers(-LARGEST, LARGEST)),
            )
            for row in draw(st.lists(st.sampled_from(rows), max_size=3))
        )
        found.append(
            Finding(
                code=code,
                severity=CATALOGUE[code].severity,
                proof=Proof.RULE,
                clause_id=None,
                summary="",
                evidence=evidence,
                exposure_minor=sum(one.exposure_minor for one in evidence),
            )
        )
    return found


cases = st.sampled_from(ITEMS).flatmap(lambda item: st.tuples(st.just(item), findings_of(item)))


@FIXED_SEED
@given(cases)
def test_risk_never_exceeds_the_item_and_nothing_is_below_zero(case):
    item, findings = case
    risk_minor, leak_minor = net_exposure(findings, item)
    assert 0 <= risk_minor <= item.amount_minor
    assert leak_minor >= 0


@FIXED_SEED
@given(cases)
def test_marginal_exposures_add_up_to_the_net(case):
    item, findings = case
    marginal = marginal_exposures(findings, item)
    assert len(marginal) == len(findings)
    assert all(one.risk_minor >= 0 for one in marginal)
    # Money may pass from leak to risk; at stake there is never less with one finding more.
    assert all(one.risk_minor + one.leak_minor >= 0 for one in marginal)
    net = net_exposure(findings, item)
    assert (sum(one.risk_minor for one in marginal), sum(one.leak_minor for one in marginal)) == net


@FIXED_SEED
@given(cases, st.randoms(use_true_random=False))
def test_order_of_findings_never_changes_the_net(case, random):
    item, findings = case
    shuffled = random.sample(findings, len(findings))
    assert net_exposure(shuffled, item) == net_exposure(findings, item)


@FIXED_SEED
@given(cases)
def test_a_finding_told_twice_costs_once(case):
    item, findings = case
    assert net_exposure([*findings, *findings], item) == net_exposure(findings, item)


@FIXED_SEED
@given(cases)
def test_together_findings_never_cost_more_than_one_by_one(case):
    item, findings = case
    alone = [net_exposure([one], item) for one in findings]
    net = net_exposure(findings, item)
    assert net.risk_minor <= sum(one.risk_minor for one in alone)
    assert net.risk_minor >= max((one.risk_minor for one in alone), default=0)
    assert net.leak_minor <= sum(one.leak_minor for one in alone)

"""An auditor's check: run a certificate's tests again from the items it was made from."""

from __future__ import annotations

import math

from models.certificate import Certificate, TestStep
from models.certify import passes, run_sequence
from models.risk_tests import Target
from models.scored_slice import ScoredSlice, countable
from models.threshold_plan import Plan

TOLERANCE = 1e-9
"""Sums of amounts may differ in the last digits between machines."""


def verify(certificate: Certificate, *, calibrate: ScoredSlice) -> str | None:
    """Say what does not follow from the calibrate slice, or None if all of it does.

    1. The thresholds were tried in order, the strictest first, each with its stake.
    2. The same coins and the same order give the same counts and the same chances.
    3. The threshold is the last that passed, and nothing after a failure counts.
    """
    # 1
    if list(certificate.grid) != sorted(set(certificate.grid)):
        return "the grid does not go from the strictest threshold to the loosest"
    if len(certificate.stakes) != len(certificate.grid):
        return "a threshold of the grid has no stake"
    # 2
    sample = countable(calibrate, cap=certificate.cap_reporting_minor, salt=certificate.salt)
    steps = run_sequence(
        sample.in_segments(certificate.members),
        plan=_plan(certificate),
        cap=certificate.cap_reporting_minor,
        target=_target(certificate),
    )
    if len(steps) != len(certificate.steps):
        return f"{len(certificate.steps)} thresholds were tried and {len(steps)} should have been"
    for given, found in zip(certificate.steps, steps, strict=True):
        if not _is_same(given, found):
            return f"the test at {given.threshold:.6f} gives {found} and the record says {given}"
    # 3
    passed = [step.threshold for step in steps if passes(step, delta=certificate.delta)]
    last = passed[-1] if passed else None
    if last != certificate.threshold:
        return f"the tests allow {last} and the certificate grants {certificate.threshold}"
    return None


def _plan(certificate: Certificate) -> Plan:
    return Plan(
        amount_power=certificate.amount_power,
        amount_scale=certificate.amount_scale,
        start_quantile=certificate.start_quantile,
        grid=certificate.grid,
        stakes=certificate.stakes,
    )


def _target(certificate: Certificate) -> Target:
    return Target(
        alpha_cases=certificate.margin * certificate.alpha_cases,
        alpha_money=certificate.margin * certificate.alpha_money,
        delta=certificate.delta,
    )


def _is_same(given: TestStep, found: TestStep) -> bool:
    told, seen = given.model_dump(), found.model_dump()
    return all(
        math.isclose(told[name], seen[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE) for name in told
    )

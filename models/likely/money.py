"""Expected money: a probability or a share of an amount, rounded half up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem
from models.columns import Floats, Ints
from models.rules.exposure import Exposure, net_exposure

WEIGHED_ALREADY = frozenset(
    {
        ExceptionCode.MISCODED_PROJECT,
        ExceptionCode.LIKELY_WRITE_OFF,
        ExceptionCode.LIKELY_CLIENT_DISPUTE,
        ExceptionCode.MILESTONE_LATE_PENALTY,
    }
)
"""Codes whose exposure is an expected loss; that of the others is yet to be weighed."""


def expected_minor(amount_minor: Ints, factor: Floats) -> Ints:
    """Give amount times factor in whole minor units, rounded half up.

    A factor such as 0.145 is a little less in binary; a millionth of a minor unit evens that out.
    """
    return np.floor(np.round(amount_minor * factor, 6) + 0.5).astype(np.int64)


def expected_loss_minor(finding: Finding) -> float:
    """Give what a likely finding costs on average, in minor units and without a sign."""
    return abs(finding.exposure_minor) * _weight(finding)


def expected_exposure(findings: Sequence[Finding], item: AnyItem) -> Exposure:
    """Give risk and leak of an item's likely findings on average, counting no money twice."""
    if not findings:
        return Exposure(0, 0)
    return net_exposure([_expected(finding) for finding in findings], item)


def _expected(finding: Finding) -> Finding:
    weight = _weight(finding)
    evidence = tuple(
        row.model_copy(update={"exposure_minor": round(weight * row.exposure_minor)})
        for row in finding.evidence
    )
    return finding.model_copy(update={"evidence": evidence})


def _weight(finding: Finding) -> float:
    return 1.0 if finding.code in WEIGHED_ALREADY else finding.probability

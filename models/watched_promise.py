"""What the random checks of cleared items test, and where an alarm has stopped clearing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.bundle import Bundle
from models.watch import WatchSettings, watch_settings


def watched_promise(bundle: Bundle, segment: str) -> WatchSettings:
    """Give the promise under which a bundle cleared something of a segment, as its watch reads it.

    Raises ValueError for a segment that no certificate of the bundle speaks of.
    """
    held = (one for one in bundle.document.certificates if segment in one.members)
    certificate = next(held, None)
    if certificate is None:
        raise ValueError(f"bundle {bundle.id} cleared something of {segment} without a certificate")
    policy = bundle.document.policy
    return watch_settings(
        alpha_cases=certificate.alpha_cases,
        alpha_money=certificate.alpha_money,
        delta=certificate.delta,
        cap_reporting_minor=policy.cap_reporting_minor,
        audit_share=policy.audit_share,
        audit_money_share=policy.audit_money_share,
        mean_amount_reporting_minor=policy.mean_amount_reporting_minor,
    )


def frozen_segments(alarms: Mapping[str, datetime], *, bundle: Bundle | None) -> frozenset[str]:
    """Give the segments whose alarm is younger than the bundle's certificate for them.

    A certificate made after the alarm saw what raised it, so clearing goes on; an older bundle
    that is put back stays stopped.
    """
    certificates = () if bundle is None else bundle.document.certificates
    certified = {
        segment: one.provenance.certified_at for one in certificates for segment in one.members
    }
    return frozenset(
        segment
        for segment, at in alarms.items()
        if segment not in certified or certified[segment] <= at
    )

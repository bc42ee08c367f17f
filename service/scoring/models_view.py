"""What is known of the models in force: promises, checks, challenger and orders, for a person."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import ModelOrder
from models.audits import estimate
from models.bundle import Bundle
from models.certificate import Certificate
from models.watch import Watch, WatchSettings
from models.watched_promise import frozen_segments
from service.domain.check import Alarm
from service.ports.stores import UnitOfWork
from service.scoring.champion import ReleasedBundle
from service.scoring.shadow_view import shadow_view
from service.scoring.watching import audit_of
from service.usecases.learning.order_models import job_view
from service.wire.models import (
    BundleView,
    CertificateView,
    JobView,
    ModelsView,
    SegmentView,
    ShareView,
)


class LiveModels:
    """Tells what is in force, promised, watched and ordered."""

    def __init__(self, *, champion: ReleasedBundle, challenger: ReleasedBundle) -> None:
        self._champion, self._challenger = champion, challenger

    def view(self, uow: UnitOfWork, *, now: datetime) -> ModelsView:
        """Give everything that is known of the models in force."""
        challenger = self._challenger.current()
        waiting = uow.jobs.unfinished()
        return ModelsView(
            champion=self.champion(uow, now=now),
            champion_refused=self._champion.refused,
            challenger=_bundle(self._challenger, uow, now=now),
            challenger_refused=self._challenger.refused,
            segments=self.checked(uow),
            shadow=None if challenger is None else shadow_view(challenger.id, uow=uow),
            order=job_view(waiting[0]) if waiting else None,
            retraining=_newest(uow, ModelOrder.RETRAIN),
            drift=_newest(uow, ModelOrder.DRIFT),
        )

    def champion(self, uow: UnitOfWork, *, now: datetime) -> BundleView | None:
        """Give the bundle in force with what it promises; None where rules alone decide."""
        return _bundle(self._champion, uow, now=now)

    def checked(self, uow: UnitOfWork) -> tuple[SegmentView, ...]:
        """Give what random checks say of each segment that anything was cleared in."""
        alarms = uow.watches.newest_alarms()
        sounded = {name: one.at for name, one in alarms.items()}
        frozen = frozen_segments(sounded, bundle=self._champion.current())
        return tuple(
            _segment(name, alarm=alarms.get(name), is_frozen=name in frozen, uow=uow)
            for name in sorted({*uow.checks.segments(), *alarms})
        )


def _newest(uow: UnitOfWork, ordered: ModelOrder) -> JobView | None:
    job = uow.jobs.newest(ordered)
    return None if job is None else job_view(job)


def _bundle(released: ReleasedBundle, uow: UnitOfWork, *, now: datetime) -> BundleView | None:
    bundle = released.current()
    if bundle is None:
        return None
    cleared = uow.items.count_cleared(bundle.id)
    return BundleView(
        id=bundle.id,
        version=released.version,
        gate=released.gate,
        questions=tuple(bundle.heads),
        trained_from=bundle.document.trained_from,
        trained_to=bundle.document.trained_to,
        certificates=_certificates(bundle, cleared=cleared, now=now),
    )


def _certificates(bundle: Bundle, *, cleared: int, now: datetime) -> tuple[CertificateView, ...]:
    return tuple(
        _certificate(one, cleared=cleared, now=now) for one in bundle.document.certificates
    )


def _certificate(one: Certificate, *, cleared: int, now: datetime) -> CertificateView:
    left = max(one.expires_after_clears - cleared, 0)
    return CertificateView(
        segment=one.segment,
        members=one.members,
        is_in_force=one.is_granted and now < one.expires_at and left > 0,
        threshold=one.threshold,
        alpha_cases=one.alpha_cases,
        alpha_money=one.alpha_money,
        delta=one.delta,
        certified_at=one.provenance.certified_at,
        expires_at=one.expires_at,
        clears_left=left,
    )


def _segment(name: str, *, alarm: Alarm | None, is_frozen: bool, uow: UnitOfWork) -> SegmentView:
    counted = uow.checks.counted(after=alarm.at if alarm else None, segment=name)
    found = estimate([audit_of(one.draw, is_wrong=one.is_wrong) for one in counted])
    state = uow.watches.state(name)
    settings = WatchSettings.model_validate_json(counted[-1].draw.promise) if counted else None
    return SegmentView(
        segment=name,
        evidence=None if not state else Watch.model_validate_json(state).wealth,
        evidence_for_alarm=None if settings is None else settings.wealth_for_alarm,
        is_frozen=is_frozen,
        alarm_at=alarm.at if alarm else None,
        why=alarm.why if alarm else None,
        checks=len(counted),
        wrong=sum(one.is_wrong for one in counted),
        waiting=len(uow.checks.open(name)),
        wrong_cases=ShareView(
            share=found.share_of_cases, low=found.cases_low, high=found.cases_high
        ),
        wrong_money=ShareView(
            share=found.share_of_money, low=found.money_low, high=found.money_high
        ),
    )

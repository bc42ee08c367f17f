"""Replay a stored assessment and say whether it comes out the same, to the byte."""

from __future__ import annotations

from models.bundle import Bundle
from models.bundle_files import load_bundle
from service.commands.opened import opened_for_reading
from service.scoring.coin import load_coin
from service.scoring.replay import Replay, replay
from service.settings import Settings


class BundleGoneError(LookupError):
    """The model of an assessment is no longer in the home folder."""

    def __init__(self, bundle_id: str) -> None:
        super().__init__(
            f"the assessment was made by bundle {bundle_id}, which is not in the bundles folder; "
            "restore it from a backup or from the model registry, then replay again"
        )


def replay_assessment(settings: Settings, assessment_id: str) -> Replay:
    """Assess once more as of then. Raises NotFoundError and BundleGoneError."""

    def bundle_of(bundle_id: str) -> Bundle:
        folder = settings.bundles_folder / bundle_id
        if folder.name != bundle_id or not folder.is_dir():
            raise BundleGoneError(bundle_id)
        return load_bundle(folder, expected_id=bundle_id)

    with opened_for_reading(settings) as open_work, open_work() as uow:
        return replay(
            assessment_id,
            uow=uow,
            bundle_of=bundle_of,
            coin=load_coin(settings.secrets_folder),
            cut_off_day=settings.billing_cut_off_day,
        )

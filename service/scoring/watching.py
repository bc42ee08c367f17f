"""The watcher of the running service: the models' e-process behind a port."""

from __future__ import annotations

from models.audits import Audit
from models.watch import Watch, WatchSettings, follow
from service.domain.check import CheckDraw
from service.ports.watcher import Watched


class LiveWatcher:
    """Follows checks one by one, in the order in which they were drawn."""

    def follow(self, state: str | None, draw: CheckDraw, *, is_wrong: bool) -> Watched:
        """Count one more check; without a state the watch begins with it."""
        before = Watch(segment=draw.segment) if state is None else Watch.model_validate_json(state)
        after = follow(
            before,
            audit_of(draw, is_wrong=is_wrong),
            settings=WatchSettings.model_validate_json(draw.promise),
        )
        return Watched(
            state=after.model_dump_json(),
            alarm=after.why,
            checks=after.audits,
            wrong=after.wrong,
        )


def audit_of(draw: CheckDraw, *, is_wrong: bool) -> Audit:
    """Give a check as the models read it."""
    return Audit(
        item_id=draw.item_id,
        segment=draw.segment,
        is_wrong=is_wrong,
        amount_reporting_minor=draw.amount_reporting_minor,
        propensity=draw.propensity,
    )

"""A desk on which people have judged: verdicts as they are stored, with what was known beside them.

Rows are written straight into the tables, so that a page of figures has hundreds of verdicts to
speak of in a second, each with the draw, the doubt and the truth that a test wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, insert, select

from data.schemas.assessment import Assessment, Versions
from data.schemas.decision import Decision
from data.schemas.vocabulary import CaseStatus, ItemKind, Lane, ReasonCode, Route, Verdict
from service.domain.known_answer import AnswerSource
from service.store.cases import case_name
from service.store.desk_tables import adjudication, exposure, known_answer
from service.store.tables import assessment, decision, item, review_case, undo
from tests.builders.items import timesheet
from tests.fakes.clock import MONDAY_MORNING as NOW

_SHEET = timesheet()
_SAID = Assessment(
    id="asm-J", item_id=_SHEET.item_id, item_sha256="0" * 64, kind=_SHEET.kind, assessed_at=NOW,
    amount_minor=1_000_00, currency="EUR", findings=(), violation_probability=0.3,
    delay_probability=None, risk_minor=0, leak_minor=0, route=Route.REVIEW, route_reason="",
    lane=Lane.INDEX, propensity=1.0, reasons=(), features={},
    versions=Versions(rules="r", bundle="b-1", policy="p", history_through=0),
)  # fmt: skip
SHOWN, HIDDEN, AFTER = "shown", "hidden", "after_own_call"


@contextmanager
def judging(engine: Engine, *, at: datetime) -> Iterator[JudgedDesk]:
    """Give a desk whose verdicts are committed together when the block ends."""
    with engine.begin() as connection:
        yield JudgedDesk(connection, at=at)


@dataclass
class JudgedDesk:
    """Writes verdicts; each stands on an item of its own unless it repeats another's."""

    connection: Connection
    at: datetime

    def verdict(
        self,
        who: str,
        verdict: Verdict = Verdict.APPROVE,
        *,
        lane: Lane = Lane.INDEX,
        doubt: float = 0.3,
        told: tuple[str, float] | None = None,
        own: Verdict | None = None,
        is_faulty: bool | None = None,
        source: AnswerSource = AnswerSource.NAMED,
        reason: ReasonCode = ReasonCode.CLAUSE_SATISFIED,
        seconds: float = 60.0,
        is_undone: bool = False,
        is_bulk: bool = False,
        amount_minor: int = 1_000_00,
        client_id: str = "acme",
        repeats: int | None = None,
        propensity: float = 1.0,
        signs: str | None = None,
    ) -> tuple[int, str]:
        """Store a verdict and give the number of its case and its id."""
        number = self._case(
            lane=lane, doubt=doubt, amount_minor=amount_minor, client_id=client_id,
            repeats=repeats, propensity=propensity,
        )  # fmt: skip
        if is_faulty is not None:
            self._known(number, is_faulty=is_faulty, source=source)
        if told is not None:
            self._told(number, who, score=told[0], propensity=told[1])
        one = Decision(
            id=f"dec-{number:06d}-{who}", case_id=case_name(number), item_id=f"test:J-{number}",
            assessment_id=f"asm-J-{number}", actor_id=f"person-{who}", verdict=verdict,
            reason_codes=(reason,), note="other" if reason is ReasonCode.OTHER else "",
            approved_minor=amount_minor if verdict is Verdict.APPROVE else 0,
            decided_at=self.at, active_seconds=seconds, lane=lane, propensity=propensity,
            own_verdict=own, bulk_id="bulk-1" if is_bulk else None, signs_id=signs,
        )  # fmt: skip
        self.add(number, one)
        if is_undone:
            self.connection.execute(insert(undo).values(decision_id=one.id, at=self.at))
        return number, one.id

    def blind_pair(
        self, first: Verdict, second: Verdict, *, propensity: float = 0.1,
        who: tuple[str, str] = ("ana", "bo"), client_id: str = "acme",
    ) -> tuple[str, str]:  # fmt: skip
        """Store a verdict and a colleague's blind one on the same item; gives both ids."""
        number, first_id = self.verdict(who[0], first, client_id=client_id)
        _, second_id = self.verdict(
            who[1], second, lane=Lane.DOUBLE, repeats=number, propensity=propensity,
            client_id=client_id, told=(HIDDEN, 1.0),
        )  # fmt: skip
        return first_id, second_id

    def adjudicated(self, decision_id: str, *, stands_id: str) -> None:
        """Store that a third person let one of two verdicts stand."""
        self.connection.execute(
            insert(adjudication).values(
                decision_id=decision_id, stands_id=stands_id, decider_id="person-ana",
                second_id="person-bo", adjudicator_id="person-carla", note="", at=self.at,
            )
        )  # fmt: skip

    def add(self, number: int, one: Decision) -> None:
        """Store one more verdict on a case."""
        self.connection.execute(
            insert(decision).values(
                id=one.id, case_number=number, actor_id=one.actor_id, verdict=one.verdict.value,
                decided_at=one.decided_at, body=one.model_dump_json(),
            )
        )  # fmt: skip

    def _case(
        self, *, lane: Lane, doubt: float, amount_minor: int, client_id: str,
        repeats: int | None, propensity: float,
    ) -> int:  # fmt: skip
        number = (self.connection.execute(select(func.max(review_case.c.number))).scalar() or 0) + 1
        opened = self.at - timedelta(hours=1)
        self.connection.execute(
            insert(item).values(
                seq=number + 1_000_000, item_id=f"test:J-{number}", kind=ItemKind.TIMESHEET.value,
                sha256=f"{number:064x}", client_id=client_id, contract_id="C-1", line_id="L-1",
                body=_SHEET.model_copy(update={"external_id": f"J-{number}"}).model_dump_json(),
                received_at=opened,
            )
        )  # fmt: skip
        said = _SAID.model_copy(
            update={"id": f"asm-J-{number}", "item_id": f"test:J-{number}", "lane": lane}
        )
        self.connection.execute(
            insert(assessment).values(
                id=f"asm-J-{number}", item_seq=number + 1_000_000, route=Route.REVIEW.value,
                lane=lane.value, bundle="b-1", assessed_at=opened, body=said.model_dump_json(),
            )
        )  # fmt: skip
        self.connection.execute(
            insert(review_case).values(
                number=number, item_id=f"test:J-{number}", item_seq=number + 1_000_000,
                assessment_id=f"asm-J-{number}", kind=ItemKind.TIMESHEET.value, title="Ada, May",
                client_id=client_id, contract_id="C-1", status=CaseStatus.DECIDED.value, version=2,
                route=Route.REVIEW.value, lane=lane.value, propensity=propensity,
                amount_minor=amount_minor, currency="EUR", risk_minor=0, leak_minor=0,
                value_minor=amount_minor, doubt=doubt, review_minutes=2.0, opened_at=opened,
                due_at=opened, repeats_number=repeats,
            )
        )  # fmt: skip
        return number

    def _known(self, number: int, *, is_faulty: bool, source: AnswerSource) -> None:
        self.connection.execute(
            insert(known_answer).values(
                id=f"known-{number}", item_seq=number + 1_000_000, assessment_id=f"asm-J-{number}",
                is_faulty=int(is_faulty), source=source.value, why="", named_by_id="person-carla",
                at=self.at,
            )
        )  # fmt: skip

    def _told(self, number: int, who: str, *, score: str, propensity: float) -> None:
        self.connection.execute(
            insert(exposure).values(
                case_number=number, actor_id=f"person-{who}", version=1,
                assessment_id=f"asm-J-{number}", score=score, propensity=propensity,
                shown_at=self.at - timedelta(minutes=2),
            )
        )  # fmt: skip

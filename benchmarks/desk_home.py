"""A home whose queue is full: cases of the generated firm, copied until there are enough."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from benchmarks.firm import served_firm
from benchmarks.scale import QUICK
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import CaseStatus, Role
from service.clock import SystemClock
from service.commands.add_person import add_person
from service.commands.demo import with_free_ports
from service.commands.ingest import ingesting, take_items, take_reference
from service.connectors.reference import Reference
from service.domain.actor import Actor
from service.domain.policy_draft import PolicyVersion
from service.home import prepare_home
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.store.database import open_for_writing
from service.store.tables import account, assessment, item, review_case
from service.usecases.policy.draft_policy import draft_policy
from service.usecases.policy.publish_policy import publish_policy
from service.wire.policies import DraftRequest
from service.wire.preferences import Preferences
from service.wiring.api import ApiRuntime

ACTOR = "benchmark"
PASSWORD = "a long password for a benchmark"
TEMPLATES = 60
"""Cases that are copied: enough for every size of card to come by."""
SUBMITTED = 900
COPIES_A_STEP = 2_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The rows of one case that is copied."""

    item: Row
    assessment: Row
    case: Row


def full_home(home: Path, *, cases: int, people: int) -> Settings:
    """Make a home with so many open cases, and people called `p0`, `p1` and so on."""
    settings = with_free_ports(Settings(home=home))
    prepare_home(settings, clock=SystemClock())
    for number in range(people):
        add_person(
            settings,
            login=f"p{number}",
            name=f"Person {number}",
            password=PASSWORD,
            roles=frozenset({Role.REVIEWER}),
        )
    served = served_firm(QUICK)
    with ingesting(settings) as runtime:
        take_reference(runtime, Reference.of(served.firm.reference), actor_id=ACTOR)
        raw = [json.loads(one.model_dump_json()) for one in served.to_bill[-SUBMITTED:]]
        take_items(runtime, raw, actor_id=ACTOR, say=lambda _: None)
        _calm_down(runtime)
    engine = open_for_writing(settings.database)
    with engine.begin() as connection:
        # Nobody takes the tour in a benchmark.
        seen = Preferences(has_seen_guide=True).model_dump_json()
        connection.execute(update(account).values(preferences=seen))
        _copy(connection, templates=_templates(connection), cases=cases)
    engine.dispose()
    return settings


def _calm_down(runtime: ApiRuntime) -> None:
    """Publish the standard policy without what asks a person twice: one key, one decision."""
    policy = ReviewPolicy(own_call_major=1_000_000_000, own_call_share=0.0, hidden_score_share=0.0)
    author, publisher = (
        Actor(id=name, name=name, roles=frozenset({Role.ADMIN})) for name in ("author", "publisher")
    )
    now, ids = runtime.parts.clock.now(), runtime.parts.ids

    def publish(uow: UnitOfWork) -> PolicyVersion:
        request = DraftRequest(policy=policy, note="for a benchmark")
        draft = draft_policy(request, actor=author, uow=uow, now=now, ids=ids)
        return publish_policy(draft.id, actor=publisher, uow=uow, now=now)

    runtime.writer.run(publish)


def _templates(connection: Connection) -> list[Template]:
    """Take the cases in which no rule proved anything, and put all others away."""
    free = (
        select(review_case)
        .where(review_case.c.risk_minor == 0, review_case.c.leak_minor == 0)
        .where(review_case.c.status == CaseStatus.OPEN.value)
        .limit(TEMPLATES)
    )
    cases = [dict(row) for row in connection.execute(free).mappings()]
    connection.execute(update(review_case).values(status=CaseStatus.CLOSED.value))
    return [
        Template(
            case=case,
            item=_one(connection, item, seq=case["item_seq"]),
            assessment=_one(connection, assessment, id=case["assessment_id"]),
        )
        for case in cases
    ]


def _one(connection: Connection, table: Any, **key: Any) -> Row:
    name, value = next(iter(key.items()))
    return dict(connection.execute(select(table).where(table.c[name] == value)).mappings().one())


def _copy(connection: Connection, *, templates: list[Template], cases: int) -> None:
    if not templates:
        raise RuntimeError("no case without a proved fault to copy")
    copies = _copies(templates, cases=cases, first_seq=_last_seq(connection) + 1)
    while some := list(islice(copies, COPIES_A_STEP)):
        for table, name in ((item, "item"), (assessment, "assessment"), (review_case, "case")):
            connection.execute(insert(table), [getattr(one, name) for one in some])


def _last_seq(connection: Connection) -> int:
    found: int = connection.execute(select(item.c.seq).order_by(item.c.seq.desc())).scalar() or 0
    return found


def _copies(templates: list[Template], *, cases: int, first_seq: int) -> Iterator[Template]:
    for number, one in zip(range(cases), cycle(templates), strict=False):
        seq, name = first_seq + number, f"copy-{number}"
        item_id, assessment_id = f"{one.item['item_id']}-{name}", f"assessment-{name}"
        names = {one.item["item_id"]: item_id, one.assessment["id"]: assessment_id}
        yield Template(
            item=one.item
            | {"seq": seq, "item_id": item_id, "body": _renamed(one.item["body"], names)},
            assessment=one.assessment
            | {
                "id": assessment_id,
                "item_seq": seq,
                "body": _renamed(one.assessment["body"], names),
            },
            case=_without(one.case, "number")
            | {"item_id": item_id, "item_seq": seq, "assessment_id": assessment_id},
        )


def _renamed(body: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        body = body.replace(json.dumps(old), json.dumps(new))
    return body


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}

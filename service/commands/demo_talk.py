"""Talk for a demonstration: colleagues discuss a case, keep a view, and one of them is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from service.client import CountersignClient
from service.wire.my_work import AbsenceRequest
from service.wire.talk import ViewRequest

NOTE = (
    b"From: project.lead@client.example\r\nSubject: Extra day\r\n\r\n"
    b"We agree to the extra day of testing in the first week.\r\n"
)


def seed_talk(
    reviewer: CountersignClient,
    approver: CountersignClient,
    *,
    case_ids: Sequence[str],
    now: datetime,
) -> None:
    """Let a reviewer ask an approver about the first case, and put the approver away next week.

    The cases must be undecided; without one nothing is said. Raises ApiProblem.
    """
    for case_id in case_ids[:1]:
        people = {one.id: one.login for one in reviewer.colleagues(case_id=case_id).colleagues}
        asked, asking = people[approver.me().id], people[reviewer.me().id]
        reviewer.attach(case_id, name="Agreement of the client.eml", content=NOTE)
        reviewer.comment(
            case_id, text=f"@{asked} the client agreed to the extra day, see the mail. Enough?"
        )
        approver.comment(case_id, text=f"@{asking} yes, that is what the clause asks for.")
    reviewer.save_view(
        ViewRequest(name="Held invoices", filters={"status": "held"}, is_shared=True)
    )
    start = now + timedelta(days=7)
    approver.set_absence(AbsenceRequest(absent_from=start, absent_until=start + timedelta(days=5)))

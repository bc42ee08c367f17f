"""People who leave and people who join: nobody books before or after."""

from data.firm.generate import generate_firm
from data.firm.records import FirmSize

FIRM = FirmSize(people=30, clients=8, contracts=12, months=6, seed=9)


def test_nobody_books_before_joining_or_after_leaving():
    firm = generate_firm(FIRM)
    days = {}
    for one in firm.submissions:
        if one.item.kind == "timesheet":
            own = days.setdefault(one.item.person_id, [])
            own += [entry.work_date for entry in one.item.entries]
    people = firm.reference.people
    leavers = [one for one in people.values() if one.left_on is not None]
    start = min(day for own in days.values() for day in own)
    joiners = [one for one in people.values() if one.hired_on > start]
    assert len(leavers) == len(joiners) == 2
    assert len(people) == FIRM.people
    for person in leavers:
        assert max(days[person.id]) <= person.left_on
    for person in joiners:
        assert min(days[person.id]) >= person.hired_on
    for one in firm.reference.assignments:
        assert one.end <= (people[one.person_id].left_on or one.end)

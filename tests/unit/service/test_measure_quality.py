"""How well people judge, on verdicts whose figures can be counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import Lane, ReasonCode, Role, Verdict
from service.audit.canonical import canonical
from service.domain.actor import Actor
from service.domain.known_answer import AnswerSource
from service.domain.policy_draft import PolicyDraft
from service.domain.wall import OPEN_WALL, Wall
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.usecases.figures.measure_quality import measure_quality
from tests.builders.judged_desk import AFTER, HIDDEN, SHOWN, judging
from tests.builders.service import database

NOW = datetime.now(tz=UTC) - timedelta(hours=1)
YES, NO = Verdict.APPROVE, Verdict.REJECT
REASONS = {True: ReasonCode.OTHER, False: ReasonCode.DUPLICATE}


ROLES = {
    "rita": Role.REVIEWER,
    "carl": Role.REVIEWER,
    "anna": Role.APPROVER,
    "otto": Role.AUDITOR,
    "dora": Role.DATA_SCIENTIST,
    "adam": Role.ADMIN,
}


class NoModels:
    """Rules alone are in force, and nothing was cleared."""

    def champion(self, _uow, *, now):
        del now

    def checked(self, _uow):
        return ()


@pytest.fixture
def office(tmp_path):
    opener = WorkOpener(open_for_writing(database(tmp_path)), canonical=canonical)
    yield opener
    opener.engine.dispose()


def judged(office, *, at=NOW):
    return judging(office.engine, at=at)


def quality(office, *, who="otto", wall=OPEN_WALL):
    actor = Actor(id=f"person-{who}", name=who, roles=frozenset({ROLES[who]}), wall=wall)
    with office() as uow:
        view = measure_quality(
            since=NOW - timedelta(days=90), actor=actor, models=NoModels(), uow=uow, now=NOW
        )
    return view.model_dump(mode="json")


def test_seeded_faults_that_were_caught_are_counted_with_their_interval(office):
    with judged(office) as desk:
        for number in range(20):
            desk.verdict(("rita", "carl")[number % 2], YES if number < 3 else NO,
                         lane=Lane.GOLD, is_faulty=True, told=(SHOWN, 0.81))  # fmt: skip
        for _ in range(19):
            desk.verdict("rita", YES, lane=Lane.GOLD, is_faulty=False)
    told = quality(office)["desk"]

    assert (told["caught"]["part"], told["caught"]["count"]) == (17, 20)
    assert told["caught"]["low"] == pytest.approx(0.640, abs=1e-3)
    assert told["caught"]["high"] == pytest.approx(0.948, abs=1e-3)
    assert told["false_alarms"]["value"] is None, "19 are one too few to tell"
    assert told["false_alarms"]["count"] == 19


def test_an_ordinary_case_of_known_truth_is_no_practice_case(office):
    with judged(office) as desk:
        for _ in range(25):
            desk.verdict("rita", NO, is_faulty=True)
            desk.verdict("carl", YES)
    assert quality(office)["desk"]["caught"]["count"] == 0


def test_blind_pairs_agree_beyond_chance_or_not(office):
    with judged(office) as desk:
        for _ in range(30):
            desk.blind_pair(YES, YES)
        for _ in range(6):
            desk.blind_pair(NO, Verdict.ADJUST)
            desk.blind_pair(NO, YES)
    told = quality(office)["desk"]

    # Agreed on whether to bill: 36 of 42; by chance (30/42)(36/42) + (12/42)(6/42) = .6531
    assert (told["agreement"]["part"], told["agreement"]["count"]) == (36, 42)
    assert told["kappa"]["value"] == pytest.approx((36 / 42 - 0.6531) / (1 - 0.6531), abs=1e-3)
    assert told["ac1"]["value"] > told["kappa"]["value"]


def test_a_pair_drawn_seldom_counts_for_more(office):
    with judged(office) as desk:
        for _ in range(40):
            desk.blind_pair(YES, YES, propensity=0.5)
        for _ in range(10):
            desk.blind_pair(YES, NO, propensity=0.1)
    # Weights 2 and 10: 80 of 180
    assert quality(office)["desk"]["agreement"]["value"] == pytest.approx(80 / 180)


def test_undone_and_second_verdicts_make_no_pair(office):
    with judged(office) as desk:
        number, first = desk.verdict("rita", YES, is_undone=True)
        desk.verdict("carl", NO, lane=Lane.DOUBLE, repeats=number)
        number, first = desk.verdict("rita", YES)
        desk.verdict("rita", NO, lane=Lane.DOUBLE, repeats=number)
        desk.verdict("carl", NO, signs=first)
    assert quality(office)["desk"]["agreement"]["count"] == 0


def showing(desk, *, told, right, wrong, doubt=0.7, **more):
    """Verdicts of people on what the models hold faulty: so many with them, so many against."""
    for verdict, count in ((NO, right), (YES, wrong)):
        for number in range(count):
            desk.verdict(("rita", "carl")[number % 2], verdict, doubt=doubt, told=told, **more)


def test_the_effect_of_telling_is_the_difference_between_two_random_groups(office):
    with judged(office) as desk:
        showing(desk, told=(SHOWN, 0.81), right=81, wrong=9)
        showing(desk, told=(HIDDEN, 0.1), right=28, wrong=12)
    told = quality(office)["desk"]["showing"]

    assert told["shown"]["value"] == pytest.approx(0.9)
    assert told["hidden"]["value"] == pytest.approx(0.7)
    assert told["difference"]["value"] == pytest.approx(0.2)
    assert 0 < told["difference"]["low"] < 0.2 < told["difference"]["high"]


@pytest.mark.parametrize(
    "left_out",
    [
        {"doubt": 1.0},  # a rule proved it: both groups see that
        {"doubt": 0.5},  # no model spoke
        {"told": (HIDDEN, 1.0)},  # nobody drew
        {"told": (AFTER, 0.09)},  # told later
        {"told": None},  # nothing is known of what was told
        {"amount_minor": 25_000_00},  # large: never told outright, so there is no other group
        {"lane": Lane.DOUBLE},
        {"is_bulk": True},
        {"is_undone": True},
    ],
)
def test_what_no_coin_decided_is_left_out_of_the_effect(office, left_out):
    more = {"told": (HIDDEN, 0.1), "doubt": 0.7} | left_out
    with judged(office) as desk:
        showing(desk, told=(SHOWN, 0.81), right=40, wrong=0)
        desk.verdict("rita", NO, **more)
        desk.verdict("carl", NO, **more)
    assert quality(office)["desk"]["showing"]["hidden"]["count"] == 0


def test_which_cases_were_large_is_read_from_the_policy_of_that_time(office):
    stricter = STANDARD_REVIEW_POLICY.model_copy(update={"own_call_major": 500})
    published_at = NOW - timedelta(days=1)
    draft = PolicyDraft(
        id="pol-1", policy=stricter, note="", based_on=0, author_id="a", drafted_at=published_at
    )
    with office() as uow:
        uow.policies.add_draft(draft)
        uow.policies.publish(draft.published(by="b", in_force=0, at=published_at))
    with judged(office, at=NOW - timedelta(days=3)) as desk:
        showing(desk, told=(HIDDEN, 0.1), right=2, wrong=0)
    with judged(office) as desk:
        showing(desk, told=(HIDDEN, 0.1), right=4, wrong=0)

    assert quality(office)["desk"]["showing"]["hidden"]["count"] == 2


def test_the_effect_is_split_by_whether_the_models_were_right(office):
    gold = {"lane": Lane.GOLD, "is_faulty": False}
    with judged(office) as desk:
        # The models hold faulty what is not: told so, 20 of 40 follow; not told, 4 of 40.
        showing(desk, told=(SHOWN, 0.81), right=20, wrong=20, **gold)
        showing(desk, told=(HIDDEN, 0.1), right=4, wrong=36, **gold)
    told = quality(office)["desk"]

    assert told["showing_wrong"]["difference"]["value"] == pytest.approx(0.4)
    assert told["showing_right"]["shown"]["count"] == 0


def test_an_answer_that_is_but_the_first_two_peoples_agreement_proves_neither_right(office):
    with judged(office) as desk:
        for number in range(20):
            who = ("rita", "carl")[number % 2]
            desk.verdict(who, YES, doubt=0.8, is_faulty=False, source=AnswerSource.AGREED)
    told = quality(office)["desk"]
    assert (told["overrides"]["part"], told["overrides_right"]["count"]) == (20, 0)


def test_a_third_persons_word_tells_which_override_was_right(office):
    with judged(office) as desk:
        for number in range(20):
            # A third of the overrides stand; the colleague's answer stands in the others.
            _, first = desk.verdict(("rita", "carl")[number % 2], YES, doubt=0.9)
            case_number = int(first.split("-")[1])
            with_them = number < 15
            desk.connection.execute(
                text(
                    "INSERT INTO known_answer VALUES (:id, :seq, :said, :faulty, 'adjudicated', "
                    "'', 'person-adam', '2026-01-01T00:00:00.000000Z')"
                ),
                {
                    "id": f"known-{number}",
                    "seq": 1_000_000 + case_number,
                    "said": f"asm-J-{case_number}",
                    "faulty": int(not with_them),
                },
            )
    told = quality(office)["desk"]["overrides_right"]
    assert (told["part"], told["count"]) == (15, 20)


def test_going_over_to_the_models_after_an_own_call_is_counted(office):
    with judged(office) as desk:
        for number in range(20):
            desk.verdict(("rita", "carl")[number % 2], NO if number < 8 else YES, doubt=0.8,
                         told=(AFTER, 0.09), own=YES)  # fmt: skip
            desk.verdict("rita", NO, doubt=0.8, told=(AFTER, 0.09), own=NO)
    told = quality(office)["desk"]["changed_mind"]
    assert (told["part"], told["count"]) == (8, 20)


def test_too_many_others_are_an_alarm_that_names_the_verdict(office):
    with judged(office) as desk:
        for number in range(40):
            desk.verdict(("rita", "carl")[number % 2], NO,
                         reason=REASONS[number < 5])  # fmt: skip
    told = quality(office)["desk"]
    assert told["other_reasons"]["value"] == 0.125
    assert told["is_other_too_frequent"]
    assert told["other_by_verdict"] == [{"verdict": "reject", "other": 5, "count": 40}]


def test_verdicts_given_before_anything_could_be_read_are_counted(office):
    with judged(office) as desk:
        for number in range(30):
            who = ("rita", "carl")[number % 2]
            desk.verdict(who, seconds=60.0 if number < 24 else 11.9)
            desk.verdict(who, seconds=0.5, is_bulk=True)
            desk.verdict(who, seconds=0.0)
    told = quality(office)["desk"]
    assert told["usual_times"] == [{"kind": "timesheet", "seconds": 60.0, "count": 30}]
    assert (told["hasty"]["part"], told["hasty"]["count"]) == (6, 30)


def test_undone_verdicts_count_as_undone_and_nowhere_else(office):
    with judged(office) as desk:
        for number in range(20):
            who = ("rita", "carl")[number % 2]
            desk.verdict(who, NO, reason=ReasonCode.OTHER, is_undone=True)
            desk.verdict(who)
    told = quality(office)
    assert told["decisions"] == 20
    assert told["desk"]["undone"]["value"] == 0.5
    assert told["desk"]["other_reasons"]["value"] == 0.0


def test_nobody_is_told_the_figures_of_one_other_person(office):
    with judged(office) as desk:
        for _ in range(25):
            desk.verdict("rita", NO, lane=Lane.GOLD, is_faulty=True)
    for who in ("otto", "dora", "adam", "anna"):
        told = quality(office, who=who)
        assert told["desk"] is None
        assert "two people other than you" in told["why_no_desk"]
    assert quality(office, who="anna")["own"]["caught"]["count"] == 0
    assert quality(office, who="otto")["own"] is None


def test_a_figure_that_rests_on_one_person_is_not_told_to_others(office):
    with judged(office) as desk:
        for _ in range(30):
            desk.verdict("rita", NO, lane=Lane.GOLD, is_faulty=True)
            desk.verdict("carl", YES)
    told = quality(office)["desk"]
    assert (told["caught"]["count"], told["caught"]["value"]) == (30, None)
    assert told["undone"]["value"] == 0.0, "both people stand behind that one"


def test_whoever_decides_too_cannot_take_themselves_off_to_read_a_colleague(office):
    with judged(office) as desk:
        for _ in range(30):
            desk.verdict("anna")
            desk.verdict("rita")
    assert quality(office, who="anna")["desk"] is None
    assert quality(office, who="otto")["desk"] is not None


def test_a_reviewer_is_told_their_own_figures_alone(office):
    with judged(office) as desk:
        for number in range(40):
            desk.verdict("rita", NO if number < 38 else YES, lane=Lane.GOLD, is_faulty=True)
            desk.verdict("carl", YES, lane=Lane.GOLD, is_faulty=True)
    told = quality(office, who="rita")
    assert told["desk"] is None
    assert told["own"]["caught"]["part"] == 38
    assert quality(office, who="carl")["own"]["caught"]["part"] == 0


def test_what_lies_behind_a_wall_is_not_in_the_figures(office):
    with judged(office) as desk:
        for number in range(30):
            who = ("rita", "carl")[number % 2]
            desk.verdict(who, NO, lane=Lane.GOLD, is_faulty=True, client_id="acme")
            desk.verdict(who, YES, lane=Lane.GOLD, is_faulty=True, client_id="rival")
            desk.blind_pair(YES, NO, client_id="rival")
            desk.blind_pair(YES, YES, client_id="acme")
    open_view = quality(office, who="dora")
    walled = quality(office, who="dora", wall=Wall(client_ids=frozenset({"acme"})))

    assert open_view["desk"]["caught"]["value"] == 0.5
    assert (walled["desk"]["caught"]["value"], walled["desk"]["caught"]["count"]) == (1.0, 30)
    assert walled["desk"]["agreement"]["value"] == 1.0
    assert (open_view["desk"]["cleared"], walled["desk"]["cleared"]) == ([], None)
    assert walled["decisions"] * 2 == open_view["decisions"]

"""The verifier's words: what it vouches for, and what each problem tells the auditor."""

import pytest

from service.audit.problems import ProblemKind
from service.audit.verify import verify_log
from tests.builders.audit_log import bodies, kept, row, rows, signed, signing_key

BODIES = bodies(20)
KEPT = kept(BODIES, every=5)


def verify(stored=None, *, notes=KEPT, **options):
    stored = rows(BODIES) if stored is None else stored
    return verify_log(stored, kept=notes, public_key=signing_key().public, **options)


def with_row(index, changed):
    stored = rows(BODIES)
    stored[index] = changed
    return stored


def kinds(verification):
    return {problem.kind for problem in verification.problems}


def test_an_honest_log_is_verified():
    verification = verify()
    assert verification.is_verified
    assert (verification.entries, verification.checkpoints) == (20, 4)
    assert verification.entries_vouched == 20


def test_rows_after_the_newest_checkpoint_are_fine_but_not_vouched_for():
    verification = verify(notes=KEPT[:2])
    assert verification.is_verified
    assert (verification.entries, verification.entries_vouched) == (20, 10)


def test_checkpoints_may_come_in_any_order_and_twice():
    assert verify(notes=[*KEPT[::-1], *KEPT]).is_verified


def test_a_new_log_is_verified_by_the_checkpoint_of_its_birth():
    assert verify([], notes=[signed([], size=0)]).is_verified


def test_a_log_of_many_steps_is_verified():
    texts = bodies(10_000)
    verification = verify(rows(texts), notes=[signed(texts, size=size) for size in (4_095, 9_999)])
    assert verification.is_verified
    assert verification.entries_vouched == 9_999


def test_bodies_stored_as_bytes_are_verified_as_bytes():
    stored = [(index, body.encode(), leaf) for index, body, leaf in rows(BODIES)]
    assert verify(stored, body_type=bytes).is_verified
    assert kinds(verify(stored)) == {ProblemKind.STORAGE_TYPE}


def test_a_damaged_stored_hash_is_told_apart_from_an_edited_body():
    damaged_hash = verify(with_row(7, (7, BODIES[7], bytes(32))))
    edited_body = verify(with_row(7, (7, "{}", row(7, BODIES[7])[2])))
    assert kinds(damaged_hash) == {ProblemKind.ROW_ALTERED}
    assert damaged_hash.entries_vouched == 20
    assert kinds(edited_body) == {ProblemKind.ROW_ALTERED, ProblemKind.HISTORY_REWRITTEN}
    assert edited_body.entries_vouched == 5


def test_an_edit_with_its_hash_is_narrowed_to_the_rows_between_two_checkpoints():
    (problem,) = verify(with_row(7, row(7, "{}"))).problems
    assert problem.kind is ProblemKind.HISTORY_REWRITTEN
    assert (problem.first_index, problem.last_index, problem.count) == (5, 9, 3)


def test_the_first_bad_row_is_named_and_the_others_are_counted():
    stored = [
        (n, body, bytes(32)) if n in {3, 9, 14} else row(n, body) for n, body in enumerate(BODIES)
    ]
    (problem,) = verify(stored).problems
    assert (problem.first_index, problem.last_index, problem.count) == (3, 3, 3)


def test_a_deleted_row_is_named():
    stored = rows(BODIES)
    del stored[7]
    (problem,) = verify(stored).problems
    assert (problem.kind, problem.first_index) == (ProblemKind.ROW_MISSING, 7)


def test_a_body_that_is_gone_is_named():
    (problem,) = verify(with_row(7, (7, None, row(7, BODIES[7])[2]))).problems
    assert (problem.kind, problem.first_index) == (ProblemKind.STORAGE_TYPE, 7)
    assert "body is NoneType instead of str" in problem.why


@pytest.mark.parametrize(
    "changed",
    [
        ("7", BODIES[7], row(7, BODIES[7])[2]),
        (True, BODIES[7], row(7, BODIES[7])[2]),
        (7, BODIES[7].encode(), row(7, BODIES[7])[2]),
        (7, BODIES[7], row(7, BODIES[7])[2].hex()),
        (7, BODIES[7], None),
        (7, "\ud800", row(7, BODIES[7])[2]),
    ],
)
def test_every_value_of_a_wrong_type_is_named_by_its_row(changed):
    problem = verify(with_row(7, changed)).problems[0]
    assert (problem.first_index, problem.last_index) == (7, 7)


def test_a_repeated_row_is_out_of_place():
    stored = rows(BODIES)
    stored.insert(8, stored[7])
    (problem,) = verify(stored).problems
    assert problem.kind is ProblemKind.ROW_OUT_OF_PLACE
    assert (problem.first_index, problem.last_index) == (7, 8)


def test_a_row_moved_back_is_out_of_place_and_missing_from_its_own():
    problems = verify(with_row(12, (3, *row(12, BODIES[12])[1:]))).problems
    named = [(problem.kind, problem.first_index, problem.last_index) for problem in problems]
    assert named == [
        (ProblemKind.ROW_OUT_OF_PLACE, 3, 12),
        (ProblemKind.ROW_MISSING, 12, 12),
    ]


def test_a_cut_log_names_where_the_missing_rows_begin():
    (problem,) = verify(rows(BODIES)[:12]).problems
    assert problem.kind is ProblemKind.LOG_CUT
    assert (problem.first_index, problem.last_index) == (10, 12)


def test_without_a_checkpoint_nothing_is_verified():
    for stored in ([], None):
        assert kinds(verify(stored, notes=[])) == {ProblemKind.NO_CHECKPOINT}


def test_an_unreadable_checkpoint_is_reported_and_the_others_still_count():
    verification = verify(notes=["scribble", *KEPT])
    (problem,) = verification.problems
    assert problem.kind is ProblemKind.CHECKPOINT_UNREADABLE
    assert problem.first_index is None
    assert "Kept checkpoint 1" in problem.why
    assert verification.entries_vouched == 20


def test_a_checkpoint_of_a_false_birth_is_seen():
    false_birth = signed(BODIES, size=0).replace(
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "A" * 43 + "="
    )
    assert kinds(verify(notes=[false_birth, *KEPT])) == {ProblemKind.CHECKPOINT_FORGED}


def test_a_problem_says_what_why_and_what_to_do():
    (problem,) = verify(rows(BODIES)[:12]).problems
    assert str(problem) == (
        "The log is shorter than its newest signed checkpoint. "
        "20 rows were signed for, 12 are there; "
        "the missing ones begin at row 10 at the earliest and row 12 at the latest. "
        "Rows were cut off or an old backup was restored. "
        "Keep this copy as evidence, and compare with a backup or an export of that time."
    )

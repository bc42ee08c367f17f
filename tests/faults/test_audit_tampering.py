"""Ten thousand attacks on the audit log: each must be seen, and name the first bad row.

The harness is tested too: verifiers with one check left out are planted, and it must find what
each of them misses.
"""

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from service.audit.checkpoint import parse_and_verify
from service.audit.checkpoint_file import ALL_FILE, keep_checkpoint, kept_checkpoints
from service.audit.errors import UnreadableExportError
from service.audit.export_file import read_export, write_export
from service.audit.merkle import leaf_hash, root_of
from service.audit.verify import verify_log
from tests.builders.audit_log import Row, bodies, kept, row, rows, signed, signing_key

ATTACKS_OF_EACH_KIND = 500
ROWS = 48
BODIES = bodies(ROWS)
KEPT = kept(BODIES, every=16)
THIEF = signing_key("thief")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the verifier is given: the stored rows, and the checkpoints kept elsewhere."""

    rows: list[Row]
    kept: list[str]
    first_bad: int | None = None
    is_exact: bool = True
    """Whether the first bad row can be known exactly, or only between two checkpoints."""


def honest():
    return Evidence(rows=rows(BODIES), kept=list(KEPT))


def of_texts(texts, *, first_bad, **changes):
    """A log rewritten by somebody who also rewrote every index and stored hash."""
    evidence = Evidence(rows=rows(texts), kept=list(KEPT), first_bad=first_bad, is_exact=False)
    return replace(evidence, **changes)


def with_row(index, changed):
    evidence = honest()
    evidence.rows[index] = changed
    return replace(evidence, first_bad=index)


def flip(text, rng):
    """The text with one of the low seven bits of one letter flipped: it stays ASCII."""
    place = rng.randrange(len(text))
    return text[:place] + chr(ord(text[place]) ^ (1 << rng.randrange(7))) + text[place + 1 :]


def flip_a_bit_of_a_body(rng):
    n = rng.randrange(ROWS)
    return with_row(n, (n, flip(BODIES[n], rng), leaf_hash(BODIES[n].encode())))


def flip_a_bit_of_a_stored_hash(rng):
    n = rng.randrange(ROWS)
    leaf = int.from_bytes(leaf_hash(BODIES[n].encode())) ^ (1 << rng.randrange(256))
    return with_row(n, (n, BODIES[n], leaf.to_bytes(32)))


def flip_a_bit_of_an_index(rng):
    """A storage that reads in index order then shows the row elsewhere, perhaps beside a twin."""
    n = rng.randrange(ROWS)
    moved_to = n ^ (1 << rng.randrange(40))
    evidence = with_row(n, (moved_to, *row(n, BODIES[n])[1:]))
    evidence.rows.sort(key=lambda one: one[0])
    return replace(evidence, first_bad=min(n, moved_to), is_exact=moved_to > n)


def flip_the_type_bit_of_a_body(rng):
    n = rng.randrange(ROWS)
    return with_row(n, (n, BODIES[n].encode(), leaf_hash(BODIES[n].encode())))


def edit_a_body(rng):
    n = rng.randrange(ROWS)
    edited = BODIES[n].replace("item:", "item:9")
    return with_row(n, (n, edited, leaf_hash(BODIES[n].encode())))


def edit_a_body_and_its_hash(rng):
    n = rng.randrange(ROWS)
    return replace(with_row(n, row(n, flip(BODIES[n], rng))), is_exact=False)


def delete_a_row(rng):
    n = rng.randrange(ROWS)
    evidence = honest()
    del evidence.rows[n]
    # Without the last row the log is merely shorter: that leaves a range.
    return replace(evidence, first_bad=n, is_exact=n < ROWS - 1)


def delete_a_row_and_renumber(rng):
    n = rng.randrange(ROWS)
    return of_texts(BODIES[:n] + BODIES[n + 1 :], first_bad=n)


def swap_two_rows(rng):
    first, second = sorted(rng.sample(range(ROWS), 2))
    texts = list(BODIES)
    texts[first], texts[second] = texts[second], texts[first]
    return of_texts(texts, first_bad=first)


def insert_a_row_and_renumber(rng):
    n = rng.randrange(ROWS)
    return of_texts([*BODIES[:n], '{"event":"case_decided"}', *BODIES[n:]], first_bad=n)


def repeat_a_row(rng):
    n = rng.randrange(ROWS)
    evidence = honest()
    evidence.rows.insert(n, row(n, BODIES[n]))
    return replace(evidence, first_bad=n, is_exact=False)


def cut_the_tail(rng):
    n = rng.randrange(ROWS)
    return replace(honest(), rows=rows(BODIES[:n]), first_bad=n, is_exact=False)


def delete_everything(_rng):
    return replace(honest(), rows=[], first_bad=0)


def roll_back_and_go_on_differently(rng):
    n = rng.randrange(ROWS)
    texts = BODIES[:n] + bodies(ROWS + 9, story="other")[n:]
    return of_texts(texts, first_bad=n)


def roll_back_rows_and_checkpoint_file(rng):
    """Only the auditor's own copy of the newest checkpoint still knows."""
    n = rng.randrange(ROWS)
    texts = BODIES[:n]
    own_copy = [signed(texts, size=n), KEPT[-1]]
    return replace(honest(), rows=rows(texts), kept=own_copy, first_bad=n)


def rewrite_all_with_a_forged_key(_rng):
    texts = bodies(ROWS, story="other")
    forged = [signed(texts, size=size, key=THIEF) for size in (16, ROWS)]
    return of_texts(texts, first_bad=None, kept=forged)


def rewrite_all_and_throw_checkpoints_away(_rng):
    return of_texts(bodies(ROWS, story="other"), first_bad=None, kept=[])


def rewrite_all_with_the_stolen_key(rng):
    """The thief has database and key; the auditor holds one old checkpoint."""
    n = rng.randrange(32)
    texts = BODIES[:n] + bodies(ROWS, story="other")[n:]
    return of_texts(texts, first_bad=n, kept=[KEPT[1], signed(texts, size=ROWS)])


def edit_a_kept_checkpoint(rng):
    n = rng.randrange(len(KEPT))
    notes = list(KEPT)
    notes[n] = flip(notes[n][: notes[n].index("\n\n")], rng) + notes[n][notes[n].index("\n\n") :]
    return replace(honest(), kept=notes)


def replace_a_kept_checkpoint(_rng):
    """With one of another log that the same key signs under another name."""
    other = signed(BODIES, size=ROWS, key=signing_key(name="other.example/log"))
    return replace(honest(), kept=[*KEPT, other])


ATTACKS = [
    flip_a_bit_of_a_body,
    flip_a_bit_of_a_stored_hash,
    flip_a_bit_of_an_index,
    flip_the_type_bit_of_a_body,
    edit_a_body,
    edit_a_body_and_its_hash,
    delete_a_row,
    delete_a_row_and_renumber,
    swap_two_rows,
    insert_a_row_and_renumber,
    repeat_a_row,
    cut_the_tail,
    delete_everything,
    roll_back_and_go_on_differently,
    roll_back_rows_and_checkpoint_file,
    rewrite_all_with_a_forged_key,
    rewrite_all_and_throw_checkpoints_away,
    rewrite_all_with_the_stolen_key,
    edit_a_kept_checkpoint,
    replace_a_kept_checkpoint,
]


def verify(evidence):
    return verify_log(evidence.rows, kept=evidence.kept, public_key=signing_key().public)


def names_the_first_bad_row(verification, evidence):
    """Whether the foremost problem names the row: exactly, or by a range that holds it."""
    problem = verification.problems[0]
    if evidence.first_bad is None:
        return problem.first_index is None or problem.first_index == 0
    if evidence.is_exact:
        return problem.first_index == evidence.first_bad
    return problem.first_index <= evidence.first_bad <= problem.last_index


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_attack_is_seen_and_the_first_bad_row_is_named(attack):
    rng = random.Random(attack.__name__)
    for _ in range(ATTACKS_OF_EACH_KIND):
        evidence = attack(rng)
        verification = verify(evidence)
        assert not verification.is_verified
        assert names_the_first_bad_row(verification, evidence), verification.problems


def test_the_untouched_log_raises_no_alarm():
    assert verify(honest()).is_verified


def test_a_hundred_thousand_rows_are_verified_in_a_second_of_processor_time():
    texts = bodies(30_000)
    stored, notes = rows(texts), kept(texts, every=3_000)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        assert verify_log(stored, kept=notes, public_key=signing_key().public).is_verified
        seconds.append(time.process_time() - start)
    assert len(stored) / min(seconds) > 100_000


def without_checkpoints(evidence):
    """A planted defect: rows against their stored hashes only, as a hash chain would."""
    return all(
        index == place and isinstance(body, str) and leaf_hash(body.encode()) == stored
        for place, (index, body, stored) in enumerate(evidence.rows)
    )


def without_signatures(evidence):
    """A planted defect: believes every checkpoint that its own name signed."""
    believed = []
    for note in evidence.kept:
        for key in (signing_key(), THIEF):
            try:
                believed.append(parse_and_verify(note, public_key=key.public))
            except Exception:  # noqa: BLE001 - a planted defect swallows all
                continue
    leaves = [leaf_hash(body.encode()) for _, body, _ in evidence.rows if isinstance(body, str)]
    return bool(believed) and all(root_of(leaves[: one.size]) == one.root for one in believed)


def with_the_newest_checkpoint_only(evidence):
    """A planted defect: older kept checkpoints are not compared."""
    return verify(replace(evidence, kept=evidence.kept[-1:])).is_verified


def without_storage_types(evidence):
    """A planted defect: reads any type as text."""
    read = [
        (index, body.decode() if isinstance(body, bytes) else body, stored)
        for index, body, stored in evidence.rows
    ]
    return verify(replace(evidence, rows=read)).is_verified


def with_stored_hashes_believed(evidence):
    """A planted defect: the tree is rebuilt from stored hashes, bodies are not hashed."""
    leaves = [stored for _, _, stored in evidence.rows]
    checkpoints = [
        parse_and_verify(note, public_key=signing_key().public) for note in evidence.kept
    ]
    return bool(checkpoints) and all(root_of(leaves[: c.size]) == c.root for c in checkpoints)


@pytest.mark.parametrize(
    ("defective_verifier", "missed"),
    [
        (without_checkpoints, cut_the_tail),
        (without_checkpoints, delete_everything),
        (without_checkpoints, roll_back_and_go_on_differently),
        (without_checkpoints, roll_back_rows_and_checkpoint_file),
        (without_checkpoints, edit_a_body_and_its_hash),
        (without_signatures, rewrite_all_with_a_forged_key),
        (with_the_newest_checkpoint_only, rewrite_all_with_the_stolen_key),
        (without_storage_types, flip_the_type_bit_of_a_body),
        (with_stored_hashes_believed, edit_a_body),
    ],
)
def test_the_harness_finds_what_a_defective_verifier_misses(defective_verifier, missed):
    assert defective_verifier(honest())
    assert defective_verifier(missed(random.Random(1)))


def stored_in_sqlite(path):
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "create table audit (idx integer primary key, body text not null);"
            "create table audit_leaf (idx integer primary key, leaf_hash blob not null);"
        )
        for index, body, leaf in rows(BODIES):
            database.execute("insert into audit values (?, ?)", (index, body))
            database.execute("insert into audit_leaf values (?, ?)", (index, leaf))
        database.commit()


def read_from_sqlite(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(
            "select l.idx, a.body, l.leaf_hash from audit_leaf l"
            " left join audit a on a.idx = l.idx order by l.idx"
        ).fetchall()


def test_no_flipped_bit_of_the_database_file_changes_a_verified_log(tmp_path):
    path = tmp_path / "audit.db"
    stored_in_sqlite(path)
    content, rng, seen = path.read_bytes(), random.Random(28), 0
    for _ in range(1_000):
        altered = bytearray(content)
        altered[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(altered)
        try:
            found = read_from_sqlite(path)
        except (sqlite3.Error, UnicodeDecodeError):
            # The driver raises the second one when the damage lies in its own error text.
            seen += 1
            continue
        verification = verify(replace(honest(), rows=found))
        seen += not verification.is_verified
        assert found == rows(BODIES) or not verification.is_verified
    # The rest fell on unused bytes: what is read is what was written, types included.
    assert seen > 400


def test_no_flipped_bit_of_an_export_changes_a_verified_log(tmp_path):
    path = tmp_path / "audit.jsonl"
    write_export(enumerate(BODIES), path=path)
    content, rng = path.read_bytes(), random.Random(29)
    for _ in range(1_000):
        altered = bytearray(content)
        altered[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(altered)
        try:
            found = list(read_export(path))
        except UnreadableExportError:
            continue
        assert found == rows(BODIES) or not verify(replace(honest(), rows=found)).is_verified


def test_no_flipped_bit_of_the_checkpoint_file_takes_a_checkpoint_away_unseen(tmp_path):
    for note in KEPT:
        keep_checkpoint(note, directory=tmp_path)
    path = tmp_path / ALL_FILE
    content = path.read_bytes()
    for place in range(len(content)):
        altered = bytearray(content)
        altered[place] ^= 1 << (place % 8)
        path.write_bytes(altered)
        found = list(kept_checkpoints(tmp_path))
        assert found == KEPT or not verify(replace(honest(), kept=found)).is_verified

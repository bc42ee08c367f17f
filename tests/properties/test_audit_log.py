"""What holds for every tree, every body and every order of crashes."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from service.audit.canonical import canonical
from service.audit.checkpoint import sign
from service.audit.log import Sequencer
from service.audit.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)
from service.audit.verify import verify_log
from tests.builders.audit_log import ORIGIN, bodies, row, rows, signed, signing_key
from tests.fakes.audit_store import InMemoryAuditStore

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

trees = st.integers(1, 300).map(lambda size: [leaf_hash(str(n).encode()) for n in range(size)])
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(-(10.0**15), 10.0**15)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)
json_bodies = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), json_values)


def flipped(node: bytes, bit: int) -> bytes:
    return (int.from_bytes(node) ^ (1 << bit)).to_bytes(len(node))


@st.composite
def altered_proofs(draw, proof, **hashes):
    """The proof and hashes with exactly one thing changed."""
    nodes, bit = list(proof), draw(st.integers(0, 255))
    change = draw(st.sampled_from(["add", *hashes, *(["drop", "flip"] if nodes else [])]))
    place = draw(st.integers(0, max(len(nodes) - 1, 0)))
    if change == "add":
        nodes.insert(place, bytes(32))
    elif change == "drop":
        del nodes[place]
    elif change == "flip":
        nodes[place] = flipped(nodes[place], bit)
    else:
        hashes[change] = flipped(hashes[change], bit)
    return nodes, hashes


@given(tree=trees, data=st.data())
def test_inclusion_is_proved_and_an_altered_proof_is_not(tree, data):
    index = data.draw(st.integers(0, len(tree) - 1))
    place = {"index": index, "size": len(tree)}
    root, proof = root_of(tree), inclusion_proof(tree, index=index)
    assert is_included(tree[index], proof=proof, root=root, **place)

    nodes, hashes = data.draw(altered_proofs(proof, leaf=tree[index], root=root))
    assert not is_included(hashes["leaf"], proof=nodes, root=hashes["root"], **place)

    other = data.draw(st.integers(0, len(tree) - 1).filter(lambda n: n != index or len(tree) == 1))
    is_same = other == index
    assert is_same is is_included(tree[index], index=other, size=len(tree), proof=proof, root=root)


@given(tree=trees, data=st.data())
def test_consistency_is_proved_and_an_altered_proof_is_not(tree, data):
    old_size = data.draw(st.integers(0, len(tree)))
    sizes = {"old_size": old_size, "size": len(tree)}
    old_root, root = root_of(tree[:old_size]), root_of(tree)
    proof = consistency_proof(tree, old_size=old_size)
    assert is_consistent(old_root=old_root, root=root, proof=proof, **sizes)

    # Every tree continues the empty one, so a proof from size 0 says nothing about the new root.
    hashes = {"old_root": old_root} if old_size == 0 else {"old_root": old_root, "root": root}
    nodes, altered = data.draw(altered_proofs(proof, **hashes))
    assert not is_consistent(proof=nodes, **sizes, **{"root": root, **altered})


@given(tree=trees, data=st.data())
def test_a_rewritten_prefix_has_no_consistency_proof(tree, data):
    old_size = data.draw(st.integers(1, len(tree)))
    place = data.draw(st.integers(0, old_size - 1))
    rewritten = [*tree[:place], leaf_hash(b"rewritten"), *tree[place + 1 :]]
    assert not is_consistent(
        old_size=old_size,
        old_root=root_of(tree[:old_size]),
        size=len(tree),
        root=root_of(rewritten),
        proof=consistency_proof(rewritten, old_size=old_size),
    )


@given(body=json_bodies)
def test_canonical_bodies_read_back_and_are_written_the_same_again(body):
    written = canonical(body)
    assert json.loads(written) == body
    assert canonical(json.loads(written)) == written
    assert canonical(dict(reversed(body.items()))) == written


@given(data=st.data(), count=st.integers(0, 40))
@settings(max_examples=60)
def test_an_honest_log_is_verified_with_any_set_of_checkpoints(data, count):
    texts = bodies(count)
    sizes = data.draw(st.lists(st.integers(0, count), min_size=1, max_size=6))
    verification = verify_log(
        rows(texts),
        kept=[signed(texts, size=size) for size in sizes],
        public_key=signing_key().public,
    )
    assert verification.is_verified
    assert (verification.entries, verification.entries_vouched) == (count, max(sizes))


@given(data=st.data(), count=st.integers(1, 40))
@settings(max_examples=60)
def test_a_row_rewritten_with_its_hash_lies_in_the_range_named(data, count):
    texts = bodies(count)
    sizes = data.draw(st.lists(st.integers(1, count), max_size=4))
    place = data.draw(st.integers(0, count - 1))
    stored = rows(texts)
    stored[place] = row(place, "{}")
    (problem,) = verify_log(
        stored,
        kept=[signed(texts, size=size) for size in [*sizes, count]],
        public_key=signing_key().public,
    ).problems
    assert problem.first_index <= place <= problem.last_index


steps = st.lists(
    st.tuples(
        st.sampled_from(["insert", "commit", "lose", "lose_answer", "restart", "keep"]),
        st.integers(0, 1),
    ),
    max_size=40,
)


@given(steps=steps)
@settings(max_examples=150)
def test_two_leaders_with_any_crashes_sequence_every_entry_once_and_never_fork(steps):
    store, kept = InMemoryAuditStore(), []
    leaders = [Sequencer(origin=ORIGIN, newest_kept=None) for _ in range(2)]
    for step, who in [*steps, ("commit", 0), ("keep", 0)]:
        leader = leaders[who]
        if step == "insert":
            store.insert(f'{{"n":{len(store.bodies)}}}'.encode())
        elif step == "restart":
            leaders[who] = Sequencer(origin=ORIGIN, newest_kept=kept[-1] if kept else None)
        elif step == "keep":
            _keep_due(leader, kept)
        else:
            _run_round(leader, store, outcome=step)
    _assert_whole(store, kept)


def _keep_due(leader, kept):
    due = leader.due_checkpoint(at=NOW)
    # A leader that fell behind may state an older size: true, and no newer news.
    if due is not None:
        leader.checkpoint_kept(due)
        kept.append(due)
        kept.sort(key=lambda one: one.size)


def _run_round(leader, store, *, outcome):
    saved = list(store.pending), list(store.leaves)
    leader.sequence_once(store)
    if outcome == "commit":
        leader.commit_succeeded()
    elif outcome == "lose":
        store.pending, store.leaves = saved
    # With "lose_answer" the commit took place and nobody told the leader.


def _assert_whole(store, kept):
    assert [entry_id for _, entry_id, _ in store.leaves] == sorted(store.bodies)
    verification = verify_log(
        [(index, store.bodies[entry_id], leaf) for index, entry_id, leaf in store.leaves],
        kept=[sign(checkpoint, key=signing_key()) for checkpoint in kept],
        public_key=signing_key().public,
        body_type=bytes,
    )
    assert verification.is_verified
    assert verification.entries_vouched == len(store.leaves)

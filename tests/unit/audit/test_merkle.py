"""The tree against published vectors and against the definition of RFC 6962, written naively."""

from hashlib import sha256

import pytest

from service.audit.errors import ProofOutOfRangeError
from service.audit.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

# The eight leaves and their roots of the Certificate Transparency test data.
CT_LEAVES = [
    leaf_hash(bytes.fromhex(body))
    for body in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves):
    """MTH of RFC 6962, section 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(index, leaves):
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_subproof(old_size, leaves, *, is_known):
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old_size == len(leaves):
        return [] if is_known else [naive_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old_size <= split:
        below = naive_subproof(old_size, leaves[:split], is_known=is_known)
        return [*below, naive_root(leaves[split:])]
    below = naive_subproof(old_size - split, leaves[split:], is_known=False)
    return [*below, naive_root(leaves[:split])]


def numbered_leaves(count):
    return [leaf_hash(str(n).encode()) for n in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    assert root_of(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (0, 1, []),
    ],
)
def test_inclusion_proofs_are_those_of_certificate_transparency(index, size, proof):
    assert [node.hex() for node in inclusion_proof(CT_LEAVES[:size], index=index)] == proof


@pytest.mark.parametrize(
    ("old_size", "size", "proof"),
    [
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (1, 1, []),
    ],
)
def test_consistency_proofs_are_those_of_certificate_transparency(old_size, size, proof):
    made = consistency_proof(CT_LEAVES[:size], old_size=old_size)
    assert [node.hex() for node in made] == proof


def test_the_root_is_the_one_of_the_definition_for_every_size_to_200():
    leaves = numbered_leaves(200)
    tree = CompactRange()
    for size in range(201):
        assert tree.root == naive_root(leaves[:size])
        assert len(tree.nodes) == size.bit_count()
        tree = tree.extended(leaves[size : size + 1])


def test_proofs_are_those_of_the_definition_for_every_size_to_40():
    leaves = numbered_leaves(40)
    for size in range(1, 41):
        tree = leaves[:size]
        for index in range(size):
            assert list(inclusion_proof(tree, index=index)) == naive_path(index, tree)
            old_size = index + 1
            made = list(consistency_proof(tree, old_size=old_size))
            assert made == naive_subproof(old_size, tree, is_known=True)


def test_leaves_may_come_in_any_portions():
    leaves = numbered_leaves(23)
    portions = CompactRange().extended(leaves[:5]).extended([]).extended(leaves[5:23])
    assert portions == CompactRange().extended(leaves)


def test_extending_leaves_the_old_tree_as_it_was():
    old = CompactRange().extended(numbered_leaves(6))
    before = old.root
    old.extended(numbered_leaves(3))
    assert (old.size, old.root) == (6, before)


def test_a_leaf_cannot_pass_for_an_inner_node():
    left, right = numbered_leaves(2)
    assert leaf_hash(left + right) != root_of([left, right])


def test_the_empty_tree_is_a_prefix_of_every_tree():
    root = root_of(CT_LEAVES)
    assert consistency_proof(CT_LEAVES, old_size=0) == ()
    assert is_consistent(old_size=0, old_root=EMPTY_ROOT, size=8, root=root, proof=())
    assert not is_consistent(old_size=0, old_root=root, size=8, root=root, proof=())


def test_a_tree_is_consistent_with_itself_and_with_no_other_of_its_size():
    root, other = root_of(CT_LEAVES), root_of(CT_LEAVES[::-1])
    assert is_consistent(old_size=8, old_root=root, size=8, root=root, proof=())
    assert not is_consistent(old_size=8, old_root=other, size=8, root=root, proof=())


def test_proofs_outside_the_tree_are_refused_by_name():
    with pytest.raises(ProofOutOfRangeError, match="no proof for 8: the tree has 8 leaves"):
        inclusion_proof(CT_LEAVES, index=8)
    with pytest.raises(ProofOutOfRangeError):
        inclusion_proof([], index=0)
    with pytest.raises(ProofOutOfRangeError):
        consistency_proof(CT_LEAVES, old_size=9)


def test_hashes_of_another_length_never_verify():
    root, proof = root_of(CT_LEAVES), inclusion_proof(CT_LEAVES, index=5)
    short = (proof[0][:31], *proof[1:])
    assert not is_included(CT_LEAVES[5], index=5, size=8, proof=short, root=root)
    assert not is_included(CT_LEAVES[5], index=8, size=8, proof=proof, root=root)
    assert not is_included(CT_LEAVES[5], index=-1, size=8, proof=proof, root=root)

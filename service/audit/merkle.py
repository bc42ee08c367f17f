"""The Merkle tree of RFC 6962: what makes an old row impossible to change unnoticed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.audit.errors import ProofOutOfRangeError

HASH_BYTES = 32
LEAF_PREFIX, NODE_PREFIX = b"\x00", b"\x01"
"""Different prefixes keep a leaf from passing for an inner node (RFC 6962, section 2.1)."""
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """Hash of one row."""
    return sha256(LEAF_PREFIX + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return sha256(NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactRange:
    """A whole tree as the roots of its perfect subtrees, largest first: O(log n) state."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def extended(self, leaf_hashes: Iterable[bytes]) -> CompactRange:
        """This tree with more leaves at its end; this object stays as it is."""
        nodes, size = list(self.nodes), self.size
        for leaf in leaf_hashes:
            node, level = leaf, size
            # A set bit of the size is a full subtree that the new leaf completes to a pair.
            # The hash is inlined: this loop is the cost of verifying millions of rows.
            while level & 1:
                node = sha256(NODE_PREFIX + nodes.pop() + node).digest()
                level >>= 1
            nodes.append(node)
            size += 1
        return CompactRange(size=size, nodes=tuple(nodes))

    @property
    def root(self) -> bytes:
        """Merkle tree hash of all leaves so far."""
        if not self.nodes:
            return EMPTY_ROOT
        *rest, node = self.nodes
        for left in reversed(rest):
            node = node_hash(left, node)
        return node


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Merkle tree hash of `leaf_hashes`."""
    return CompactRange().extended(leaf_hashes).root


def inclusion_proof(leaf_hashes: Sequence[bytes], *, index: int) -> tuple[bytes, ...]:
    """The sibling hashes from leaf `index` up to the root of all `leaf_hashes`.

    Raises ProofOutOfRangeError for an index outside the tree.
    """
    return inclusion_proofs(leaf_hashes, indexes=(index,))[index]


def inclusion_proofs(
    leaf_hashes: Sequence[bytes], *, indexes: Collection[int]
) -> dict[int, tuple[bytes, ...]]:
    """The same for several leaves by index, each hash read once.

    Raises ProofOutOfRangeError for an index outside the tree.
    """
    for index in indexes:
        if not 0 <= index < len(leaf_hashes):
            raise ProofOutOfRangeError(asked=index, size=len(leaf_hashes))
    _, paths = _paths(leaf_hashes, 0, len(leaf_hashes), sorted(set(indexes)))
    return {index: tuple(path) for index, path in paths.items()}


def _paths(
    leaf_hashes: Sequence[bytes], low: int, high: int, wanted: Sequence[int]
) -> tuple[bytes, dict[int, list[bytes]]]:
    """The root of a range, and the siblings of the leaves wanted up to it."""
    if not wanted:
        return root_of(leaf_hashes[low:high]), {}
    if high - low == 1:
        return leaf_hashes[low], {low: []}
    split = _split(low, high)
    left, paths = _paths(leaf_hashes, low, split, [one for one in wanted if one < split])
    right, more = _paths(leaf_hashes, split, high, [one for one in wanted if one >= split])
    for path in paths.values():
        path.append(right)
    for path in more.values():
        path.append(left)
    return node_hash(left, right), paths | more


def consistency_proof(leaf_hashes: Sequence[bytes], *, old_size: int) -> tuple[bytes, ...]:
    """The hashes that show the tree of `old_size` to be a prefix of the tree of all leaves.

    Raises ProofOutOfRangeError for a size outside the tree.
    """
    low, high = 0, len(leaf_hashes)
    if not 0 <= old_size <= high:
        raise ProofOutOfRangeError(asked=old_size, size=high)
    if old_size == 0:
        return ()
    from_root_down = []
    while old_size != high:
        split = _split(low, high)
        if old_size <= split:
            from_root_down.append(root_of(leaf_hashes[split:high]))
            high = split
        else:
            from_root_down.append(root_of(leaf_hashes[low:split]))
            low = split
    if low > 0:
        from_root_down.append(root_of(leaf_hashes[low:high]))
    return tuple(reversed(from_root_down))


def is_included(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` in the tree of `size` with `root`.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    path, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if path & 1 or path == last:
            node = node_hash(sibling, node)
            path, last = _up_to_left_branch(path, last)
        else:
            node = node_hash(node, sibling)
        path, last = path >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(
    *, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows the tree of `old_size` to be a prefix of the tree of `size`.

    Source: RFC 9162, section 2.1.4.2; the empty tree is a prefix of every tree.
    """
    if not 0 <= old_size <= size or not _are_hashes((old_root, root, *proof)):
        return False
    if old_size in {0, size}:
        return not proof and old_root == (root if old_size == size else EMPTY_ROOT)
    # A perfect old tree is itself the first node of the proof and is not sent again.
    is_perfect = old_size & (old_size - 1) == 0
    nodes = [old_root, *proof] if is_perfect else list(proof)
    return bool(proof) and _folded(nodes, old_size=old_size, size=size) == (old_root, root)


def _folded(nodes: Sequence[bytes], *, old_size: int, size: int) -> tuple[bytes, bytes] | None:
    """The old and the new root that `nodes` give, or nothing when their number is wrong."""
    path, last = old_size - 1, size - 1
    while path & 1:
        path, last = path >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if path & 1 or path == last:
            old, new = node_hash(node, old), node_hash(node, new)
            path, last = _up_to_left_branch(path, last)
        else:
            new = node_hash(new, node)
        path, last = path >> 1, last >> 1
    return (old, new) if last == 0 else None


def _up_to_left_branch(path: int, last: int) -> tuple[int, int]:
    while path and not path & 1:
        path, last = path >> 1, last >> 1
    return path, last


def _split(low: int, high: int) -> int:
    """Where RFC 6962 divides leaves: after the largest power of two below their number."""
    return low + (1 << ((high - low - 1).bit_length() - 1))


def _are_hashes(nodes: Iterable[bytes]) -> bool:
    return all(len(node) == HASH_BYTES for node in nodes)

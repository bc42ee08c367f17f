"""What can go wrong with the audit log; each error says what, where, why and what to do."""

from __future__ import annotations

from pathlib import Path


class AuditError(Exception):
    """Root of every error of the audit log."""


class NotCanonicalError(AuditError):
    """A value that has no canonical JSON form, with its place in the body."""

    def __init__(self, *, place: str, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(f"audit body, {place}: {reason}")


class ProofOutOfRangeError(AuditError):
    """A proof was asked for a row or size the tree does not have."""

    def __init__(self, *, asked: int, size: int) -> None:
        self.asked, self.size = asked, size
        super().__init__(
            f"no proof for {asked}: the tree has {size} leaves; ask within the tree of a checkpoint"
        )


class UnreadableNoteError(AuditError):
    """A text that does not have the form of a signed note, checkpoint or verifier key."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"cannot read the signed text: {reason}; compare it with another copy")


class ForgedNoteError(AuditError):
    """A well-formed note that the expected key did not sign."""

    def __init__(self, *, key_name: str, reason: str) -> None:
        self.key_name, self.reason = key_name, reason
        super().__init__(
            f"the note is not vouched for by {key_name}: {reason}; "
            "treat it as forged unless the public key you hold is the wrong one"
        )


class BadCheckpointError(AuditError):
    """A checkpoint that must not be signed, with the reason."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"refused to make a checkpoint: {reason}")


class KeyFileRefusedError(AuditError):
    """A key file that is missing, exposed, unreadable, or already there."""

    def __init__(self, *, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"audit key file {path}: {reason}")


class LogShrankError(AuditError):
    """The stored log is shorter than what was already committed or signed."""

    def __init__(self, *, known_size: int, stored_size: int) -> None:
        self.known_size, self.stored_size = known_size, stored_size
        super().__init__(
            f"the audit log holds {stored_size} rows, yet {known_size} were committed before: rows "
            "were deleted or an old backup was restored; stop writers, run the verifier, and "
            "restore the missing rows (or start a log with a new origin); nothing was sequenced"
        )


class LogForkedError(AuditError):
    """The stored log has other rows than the newest signed checkpoint vouches for."""

    def __init__(self, *, size: int) -> None:
        self.size = size
        super().__init__(
            f"the first {size} rows of the audit log do not give the root of the newest kept "
            "checkpoint: history was rewritten; run the verifier; nothing was sequenced"
        )


class LeavesMissingError(AuditError):
    """The store gave fewer leaf hashes than its size promises."""

    def __init__(self, *, start: int, stop: int, found: int) -> None:
        self.start, self.stop, self.found = start, stop, found
        super().__init__(
            f"audit leaves {start} to {stop - 1}: {found} hashes found, {stop - start} expected: "
            "leaf rows are missing; run the verifier to name the first; nothing was sequenced"
        )


class NothingStagedError(AuditError):
    """A commit was reported although no sequencing preceded it."""

    def __init__(self) -> None:
        super().__init__(
            "commit_succeeded() without sequence_once() before it: call sequence_once() inside "
            "the transaction, commit, then commit_succeeded() once"
        )


class UnreadableExportError(AuditError):
    """A line of an exported log that is not an entry, with its number."""

    def __init__(self, *, path: Path, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(f"{path}, line {line}: {reason}; the export is damaged, export it again")

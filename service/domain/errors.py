"""What the service refuses, as one small tree; `service.api.problems` maps it to HTTP."""

from __future__ import annotations

from datetime import date


class CountersignError(Exception):
    """Something asked of the service cannot be done."""

    remedy = "Read the detail, mend the request and send it again."


class NotFoundError(CountersignError):
    """The thing named does not exist, or the caller may not see it."""

    remedy = "Check the id; list what you may see with the collection's GET."

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name!r} that you may see.")
        self.kind, self.name = kind, name


class NotSignedInError(CountersignError):
    """The call carries no live session or key."""

    remedy = "Log in again, or send an API key as 'Authorization: Bearer <key>'."


class NotAllowedError(CountersignError):
    """The caller is known but lacks the role or scope."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"This needs {needed}.")
        self.remedy = f"Ask an administrator for {needed}."


class ConflictError(CountersignError):
    """Somebody or something was faster; nothing was changed."""

    remedy = "Load the case again and decide on what it shows now."


class StaleLeaseError(ConflictError):
    """The lease ran out or passed to somebody else."""

    def __init__(self, case_id: str) -> None:
        super().__init__(
            f"Your hold on case {case_id} is over: it ran out, or a colleague has the case now. "
            "Nothing was changed."
        )
        self.case_id = case_id
        self.remedy = "Claim the case again, or claim the next one."


class StaleVersionError(ConflictError):
    """The case changed since it was shown."""

    def __init__(self, case_id: str, *, shown: int, current: int) -> None:
        super().__init__(
            f"Case {case_id} was shown in version {shown} and is now in version {current}. "
            "Nothing was changed."
        )
        self.case_id = case_id


class WrongStateError(ConflictError):
    """The step does not exist from this state."""

    def __init__(self, case_id: str, *, status: str, step: str) -> None:
        super().__init__(f"Case {case_id} is {status}; it cannot be {step}.")
        self.case_id = case_id


class TooLateError(ConflictError):
    """The undo window is over, or the posting has left."""

    remedy = "Ask for a correction: it is a new decision that supersedes this one."


class ProposalSettledError(ConflictError):
    """Somebody confirmed or dismissed the proposal before."""

    remedy = "List the proposals again; what is in force stands in the contract."

    def __init__(self, proposal_id: str, *, status: str, by: str | None) -> None:
        super().__init__(f"Proposal {proposal_id} was {status} by {by}. Nothing was changed.")
        self.proposal_id = proposal_id


class ClauseInForceError(ConflictError):
    """A clause of the same kind and line holds from that day or later on."""

    def __init__(self, contract_id: str, *, clause_id: str, since: date) -> None:
        super().__init__(
            f"Contract {contract_id!r} has the clause {clause_id!r} of the same kind and line, in "
            f"force since {since}. Nothing was changed."
        )
        self.contract_id, self.clause_id = contract_id, clause_id
        self.remedy = (
            f"Confirm with a valid_from after {since}, and the older clause ends the day before; "
            "or with a line_id; or dismiss the proposal and correct the contract."
        )


class ConfirmedOtherwiseError(ConflictError):
    """A file states what a person confirmed out of a document for the same days."""

    def __init__(self, contract_id: str, *, clause_id: str, confirmed_id: str, since: date) -> None:
        super().__init__(
            f"Contract {contract_id!r}: the clause {clause_id!r} of the file would be in force "
            f"together with {confirmed_id!r} of the same kind and line, which a person confirmed "
            f"out of a document from {since} on. No contract was changed."
        )
        self.contract_id, self.clause_id, self.confirmed_id = contract_id, clause_id, confirmed_id
        self.remedy = (
            f"Remove {clause_id!r} from the file, or end it before {since}; or write "
            f"{confirmed_id!r} into the file under that id, with the valid_to it shall have."
        )


class InvalidRequestError(CountersignError):
    """The request is well formed but makes no sense; the text says which field and why."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(f"{field} = {value!r}: {reason}")
        self.field, self.value, self.reason = field, value, reason


class MalformedError(CountersignError):
    """The body is not of its shape; `fields` holds field, value and reason of each problem."""

    remedy = "Mend the fields named under 'problems' and send the request again."

    def __init__(self, fields: tuple[tuple[str, str, str], ...]) -> None:
        names = ", ".join(sorted({field for field, _, _ in fields}))
        super().__init__(f"The request cannot be read: see {names}.")
        self.fields = fields


class IdempotencyReusedError(CountersignError):
    """The same idempotency key came with another body."""

    remedy = "Use a new key for a new request; repeat a request with its own key and body."

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key {key!r} was used before with another body.")
        self.key = key


class LogInRefusedError(CountersignError):
    """Name and password do not fit, or the account is locked."""

    def __init__(self, *, is_locked: bool, retry_after_seconds: int = 0) -> None:
        text = (
            f"Too many attempts. Try again in {retry_after_seconds} seconds."
            if is_locked
            else "Name and password do not fit."
        )
        super().__init__(text)
        self.is_locked = is_locked
        self.retry_after_seconds = retry_after_seconds
        self.remedy = "Check both and try again; an administrator can set a new password."


class UnavailableError(CountersignError):
    """The service cannot answer now."""

    remedy = "Repeat the request with the same Idempotency-Key in a few seconds."

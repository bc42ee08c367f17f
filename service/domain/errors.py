"""What the service refuses, as one small tree; `service.api.problems` maps it to HTTP."""

from __future__ import annotations

from datetime import date


class CountersignError(Exception):
    """Something asked of the service cannot be done."""

    remedy = "Read the detail, mend the request and send it again."
    retry_after: int | None = None
    """Seconds after which a repeat may help; None where only a change of the request does."""


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


class NotInForceError(ConflictError):
    """Something newer stands on the case than the decision that was named."""

    remedy = "Load the case again; the decision in force is the newest one that was not undone."

    def __init__(self, decision_id: str, *, why: str) -> None:
        super().__init__(
            f"Decision {decision_id} is not in force: {why}. It cannot be corrected; "
            "nothing was changed."
        )
        self.decision_id = decision_id


class BillUnderWayError(ConflictError):
    """The bill of a decision waits to leave; what it comes to is known in a moment."""

    remedy = "Undo the decision while that is offered; else correct it again in a minute."

    def __init__(self, decision_id: str) -> None:
        super().__init__(
            f"The bill of decision {decision_id} is on its way to the ledger. Nothing was changed."
        )
        self.decision_id = decision_id


class ApprovalSettledError(ConflictError):
    """What somebody wants to approve or reject waits for nobody's word, or not for theirs."""

    remedy = "List what waits for your approval again; it shows what became of this one."

    def __init__(self, approval_id: str, *, status: str) -> None:
        super().__init__(f"Approval {approval_id} is {status}. Nothing was changed.")
        self.approval_id = approval_id


class NotAskedError(CountersignError):
    """Somebody gave a word on a decision that is not asked of them."""

    remedy = "Let one of the people named there approve it, or their deputy while they are away."

    def __init__(self, approval_id: str, *, why: str) -> None:
        super().__init__(f"Approval {approval_id} is not asked of you. {why}")
        self.approval_id = approval_id


class FlowStateError(ConflictError):
    """A flow cannot be paused, resumed or cancelled as it stands."""

    def __init__(self, flow_id: str, *, why: str, remedy: str) -> None:
        super().__init__(f"Flow {flow_id} {why}. Nothing was changed.")
        self.flow_id, self.remedy = flow_id, remedy


class SyncRunsError(ConflictError):
    """A sync of the same source runs; a source is read by one at a time."""

    remedy = "Wait until it ends; 'countersign sync status' and GET /v1/syncs show it."

    def __init__(self, source: str) -> None:
        super().__init__(f"A sync of {source} runs already. Nothing was changed.")
        self.source = source


class SyncNotServedError(ConflictError):
    """The source is read by hand only: no worker would carry out what was asked."""

    def __init__(self, source: str) -> None:
        super().__init__(f"No worker reads {source} here. Nothing was changed.")
        self.source = source
        self.remedy = (
            f"Name {source} in COUNTERSIGN_SYNC_SOURCES and start the service again, or run: "
            f"countersign sync {source}"
        )


class TransferSettledError(ConflictError):
    """Somebody said before what became of moved minutes."""

    remedy = "List the transfers again; a mistake is mended by a correction of the decision."

    def __init__(self, transfer_id: str, *, status: str) -> None:
        super().__init__(f"Transfer {transfer_id} was {status} already. Nothing was changed.")
        self.transfer_id = transfer_id


class OrderUnderWayError(ConflictError):
    """An order to the models waits or runs; they are changed one order after the other."""

    def __init__(self, job_id: str, *, ordered: str, status: str) -> None:
        super().__init__(
            f"The order {job_id} ({ordered}) is {status}; the models take one order at a time. "
            "Nothing was changed."
        )
        self.job_id = job_id
        self.remedy = f"Follow GET /v1/models/jobs/{job_id} and order again when it has ended."


class PostingNotRefusedError(ConflictError):
    """The posting is not in the exception queue, or no longer."""

    remedy = "List the exceptions again; what is pending is tried by itself."

    def __init__(self, posting_id: str, *, status: str) -> None:
        super().__init__(f"Posting {posting_id} is {status}, not refused. Nothing was changed.")
        self.posting_id = posting_id


class MayBeWrittenError(ConflictError):
    """Something of the bill may stand in the ledger, so its content must stay what it is."""

    remedy = (
        "Try it again as it is, or look in the ledger for its token: mark it posted if it stands "
        "there, and discard it if it must not."
    )

    def __init__(self, posting_id: str) -> None:
        super().__init__(
            f"Posting {posting_id} cannot be edited: one of its tries ended without a clear no, so "
            "it may stand in the ledger. Nothing was changed."
        )
        self.posting_id = posting_id


class DocumentTakenError(ConflictError):
    """The document of the ledger belongs to another posting."""

    remedy = "Read the number of the document in the ledger again; each bill has its own."

    def __init__(self, document_id: str, *, posting_id: str) -> None:
        super().__init__(
            f"The document {document_id} is that of posting {posting_id}. Nothing was changed."
        )
        self.document_id = document_id


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


class DraftSettledError(ConflictError):
    """Somebody published or withdrew the draft before."""

    remedy = "Load the policy again; a new change is a new draft."

    def __init__(self, draft_id: str, *, status: str) -> None:
        super().__init__(f"The draft {draft_id} was {status} already. Nothing was changed.")
        self.draft_id = draft_id


class OutdatedDraftError(ConflictError):
    """Another version came into force after the draft was written: it would take that one back."""

    def __init__(self, draft_id: str, *, based_on: int, in_force: int) -> None:
        super().__init__(
            f"The draft {draft_id} was written on version {based_on} of the policy; version "
            f"{in_force} is in force now. Publishing it would undo what came between. "
            "Nothing was changed."
        )
        self.draft_id = draft_id
        self.remedy = f"Withdraw it, and draft the change again on version {in_force}."


class OwnDraftError(NotAllowedError):
    """Nobody puts their own draft in force."""

    def __init__(self, draft_id: str) -> None:
        super().__init__("a second person: nobody publishes the policy they drafted")
        self.draft_id = draft_id
        self.remedy = "Ask another approver or administrator to read and publish it."


class InTrainingError(NotAllowedError):
    """Whoever is in training is seconded, and seconds nobody."""

    def __init__(self, case_id: str) -> None:
        super().__init__("an approver who is not in training")
        self.case_id = case_id
        self.remedy = (
            "Leave the case to another approver; an administrator ends a training in People and "
            "access."
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


class KeyMissingError(CountersignError):
    """The write needs an Idempotency-Key, and came without one or with one that makes no sense."""

    remedy = "Send an Idempotency-Key of 1 to 255 printable characters, a new one per request."

    def __init__(self, why: str) -> None:
        super().__init__(f"This request {why}.")


class KeyInFlightError(ConflictError):
    """The first request under the idempotency key is not answered yet."""

    remedy = "Wait a moment and repeat the same request: it then gives the first answer."
    retry_after: int | None = 1

    def __init__(self, key: str) -> None:
        super().__init__(f"The first request with the Idempotency-Key {key!r} is still under way.")
        self.key = key


class AnswerNotKeptError(ConflictError):
    """The request took effect under its key before, and its answer is kept nowhere."""

    remedy = "Do not repeat it: load what it was about. A secret that was not seen is made anew."

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The request with the Idempotency-Key {key!r} took effect before; its answer held a "
            "secret that is shown once, or was lost with the process that made it."
        )
        self.key = key


class PreconditionFailedError(CountersignError):
    """The thing changed since the version that If-Match names; nothing was stored."""

    remedy = "Load it again, apply your change to what it is now, and send its new ETag."

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not what If-Match names any more. Nothing was changed.")
        self.name = name


class UnknownVersionError(CountersignError):
    """The API-Version of the request does not exist."""

    def __init__(self, asked: str, *, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no API-Version {asked!r}.")
        self.remedy = f"Send one of {', '.join(known)}, or none for the newest."


class TooManyRequestsError(CountersignError):
    """The caller, or an address without credentials, sent more than its share."""

    remedy = "Wait for the seconds in Retry-After, and send fewer requests at once."

    def __init__(self, *, limit: int, window_seconds: int, retry_after: int) -> None:
        super().__init__(f"More than {limit} requests came within {window_seconds} seconds.")
        self.retry_after = retry_after


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


class WrongPasswordError(CountersignError):
    """The password a person gave for their own account does not fit."""

    def __init__(self, *, is_locked: bool, retry_after_seconds: int = 0) -> None:
        text = (
            f"Too many attempts. Try again in {retry_after_seconds} seconds."
            if is_locked
            else "The current password does not fit. Nothing was changed."
        )
        super().__init__(text)
        self.is_locked = is_locked
        self.remedy = "Type the password you logged in with; an administrator can set a new one."


class WeakPasswordError(CountersignError):
    """A password is too short or too easy to guess."""

    remedy = "Choose another one: a sentence of several words is long and easy to keep."

    def __init__(self, why: str) -> None:
        super().__init__(f"This password will not do: {why}.")
        self.why = why


class OwnRightsError(CountersignError):
    """Nobody changes what they themselves may do."""

    remedy = "Ask another administrator."

    def __init__(self) -> None:
        super().__init__("Nobody changes their own roles, walls or log-in. Nothing was changed.")


class LastAdminError(ConflictError):
    """The last administrator must stay one, or nobody could mend anything."""

    remedy = "Make another person administrator first."

    def __init__(self, login: str) -> None:
        super().__init__(f"{login!r} is the last active administrator. Nothing was changed.")
        self.login = login


class LoginTakenError(ConflictError):
    """Somebody has this log-in name already."""

    remedy = "Choose another log-in name; a person who left keeps theirs and can be let in again."

    def __init__(self, login: str) -> None:
        super().__init__(f"The log-in name {login!r} is taken. Nothing was changed.")
        self.login = login


class NoAccountError(CountersignError):
    """The company's log-in vouches for a person who has no access here."""

    remedy = "Ask an administrator of Countersign for access, and log in again."


class UnavailableError(CountersignError):
    """The service cannot answer now."""

    remedy = "Repeat the request with the same Idempotency-Key in a few seconds."

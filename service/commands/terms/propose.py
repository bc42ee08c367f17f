"""Propose clauses from a document, list what is proposed, and let a person settle each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from data.schemas.proposals import Proposal, ProposalStatus
from service.api.passwords import Passwords
from service.clock import SystemClock, SystemIds
from service.commands.opened import opened
from service.domain.actor import Actor
from service.domain.errors import LogInRefusedError, NotSignedInError
from service.domain.wall import OPEN_WALL
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.usecases.people.log_in import check_password, normal
from service.usecases.terms.confirm_clause import confirm_clause
from service.usecases.terms.dismiss_clause import dismiss_clause
from service.usecases.terms.propose_clauses import contract_named, propose_clauses
from service.wire.proposals import ConfirmRequest, ProposalAnswer
from service.wiring.outside import build_clause_reader

SHELL = Actor(id="command-line", name="Command line")
TEXT_ENDINGS = frozenset({".txt", ".md", ".markdown", ".text", ""})


class NoTextError(Exception):
    """A document that is no text; says how to make one of it."""


def read_document(path: Path) -> str:
    """Give the text of a document. Raises NoTextError."""
    if path.suffix.casefold() == ".pdf":
        raise NoTextError(
            f"{path.name} is a PDF, and only text is read: run `pdftotext -layout {path.name}` "
            "and propose from the .txt it writes; its form feeds keep the pages"
        )
    if path.suffix.casefold() not in TEXT_ENDINGS:
        raise NoTextError(
            f"{path.name} ends with {path.suffix}, and only text is read; save it as .txt or .md"
        )
    try:
        # Line ends are left as they are: whoever counts characters decides what a line end is.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoTextError(f"{path.name} is not written in UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise NoTextError(
            f"{path.name} cannot be read: {error.strerror}; check the path"
        ) from error


def propose_from_document(
    settings: Settings, contract_id: str, document: Path, *, line_id: str | None
) -> ProposalAnswer:
    """Store what a document proposes for a contract. Raises NoTextError, NotFoundError."""
    text = read_document(document)
    with opened(settings) as work:
        with work() as uow:
            contract = contract_named(contract_id, line_id=line_id, wall=OPEN_WALL, uow=uow)
        reading = build_clause_reader(settings).read(
            text, currency=contract.currency, signed_on=contract.signed_on
        )
        with work() as uow:
            made = propose_clauses(
                contract_id, reading, line_id=line_id, actor=SHELL, uow=uow,
                now=SystemClock().now(), ids=SystemIds(),
            )  # fmt: skip
    return ProposalAnswer(
        proposals=made,
        already_known=len(reading.drafts) - len(made),
        dropped_quotes=reading.dropped_quotes,
        notes=reading.notes,
    )


def list_proposals(
    settings: Settings, contract_id: str, *, status: ProposalStatus | None
) -> list[Proposal]:
    """Give the proposals of a contract, oldest first. Raises NotFoundError."""
    with opened(settings) as work, work() as uow:
        contract_named(contract_id, line_id=None, wall=OPEN_WALL, uow=uow)
        return uow.proposals.of_contract(contract_id, status=status)


def confirm_as(
    settings: Settings, proposal_id: str, request: ConfirmRequest, *, login: str, password: str
) -> Proposal:
    """Put a proposed clause in force in the name of a person. Raises LogInRefusedError."""
    with opened(settings) as work:
        actor = _person(work, login=login, password=password)
        with work() as uow:
            return confirm_clause(
                proposal_id, request, actor=actor, uow=uow, now=SystemClock().now()
            )


def dismiss_as(
    settings: Settings, proposal_id: str, *, reason: str, login: str, password: str
) -> Proposal:
    """Turn a proposed clause down in the name of a person. Raises LogInRefusedError."""
    with opened(settings) as work:
        actor = _person(work, login=login, password=password)
        with work() as uow:
            return dismiss_clause(
                proposal_id, reason=reason, actor=actor, uow=uow, now=SystemClock().now()
            )


def proposal_in_words(proposal: Proposal) -> str:
    """Give a proposal as one short paragraph."""
    draft = proposal.draft
    terms = (
        f"needs: {', '.join(draft.missing)}"
        if draft.terms is None
        else draft.terms.model_dump_json(exclude={"kind"}, exclude_none=True)
    )
    where = (
        f"page {draft.source.page}, characters {draft.source.char_start}-{draft.source.char_end}"
    )
    text = " ".join(draft.text.split())
    return (
        f"{proposal.id}  {draft.kind}  {draft.confidence:.2f}  {proposal.status}  {where}\n"
        f"    {terms}\n    {text[:160]}"
    )


def _person(
    work: Callable[[], AbstractContextManager[UnitOfWork]], *, login: str, password: str
) -> Actor:
    with work() as uow:
        is_right = check_password(login, password, verify=Passwords().verify, uow=uow)
        account = uow.accounts.by_login(normal(login))
    now = SystemClock().now()
    if account is None or not account.is_active:
        raise LogInRefusedError(is_locked=False)
    if account.locked_until is not None and account.is_locked(now=now):
        wait = int((account.locked_until - now).total_seconds()) + 1
        raise LogInRefusedError(is_locked=True, retry_after_seconds=wait)
    with work() as uow:
        uow.accounts.save(account.succeeded() if is_right else account.failed(now=now))
    if not is_right:
        raise LogInRefusedError(is_locked=False)
    if account.must_change_password:
        raise NotSignedInError("This is a one-time password: log in to the review app first.")
    return Actor(id=account.person_id, name=account.name, roles=account.roles, wall=account.wall)

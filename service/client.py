"""The typed client of the API, for the review app and for customers' workflows."""

from __future__ import annotations

from service.calls.accounts import AccountCalls
from service.calls.audit import AuditCalls
from service.calls.cases import CaseCalls
from service.calls.contracts import ContractCalls
from service.calls.deciding import DecidingCalls
from service.calls.flows import FlowCalls
from service.calls.http import ApiProblem, ApiUnreachableError
from service.calls.items import ItemCalls
from service.calls.models import ModelCalls
from service.calls.operations import OperationsCalls
from service.calls.policies import PolicyCalls
from service.calls.postings import PostingCalls
from service.calls.proposals import ProposalCalls
from service.calls.quality import QualityCalls
from service.calls.queue import QueueCalls
from service.calls.references import ReferenceCalls
from service.calls.seen import Seen
from service.calls.sessions import SessionCalls
from service.calls.subscribers import SubscriberCalls
from service.calls.syncs import SyncCalls
from service.calls.talk import TalkCalls
from service.wire.webhooks import UnverifiedWebhookError, VerifiedWebhook, verify_webhook

__all__ = [
    "ApiProblem",
    "ApiUnreachableError",
    "CountersignClient",
    "Seen",
    "UnverifiedWebhookError",
    "VerifiedWebhook",
    "verify_webhook",
]


class CountersignClient(
    SessionCalls,
    AccountCalls,
    CaseCalls,
    QueueCalls,
    AuditCalls,
    DecidingCalls,
    ItemCalls,
    ReferenceCalls,
    OperationsCalls,
    PostingCalls,
    FlowCalls,
    ContractCalls,
    ProposalCalls,
    ModelCalls,
    PolicyCalls,
    QualityCalls,
    SubscriberCalls,
    SyncCalls,
    TalkCalls,
):
    """Everything the API offers, typed; safe to share between threads.

    Every method raises ApiProblem when the API refuses, and ApiUnreachableError without an answer.
    """

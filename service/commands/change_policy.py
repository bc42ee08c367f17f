"""Draft and publish the review policy at the shell, as a person who proves who they are."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from data.policy_words import changes, in_words
from data.schemas.batch import problems
from data.schemas.review_policy import ReviewPolicy
from service.clock import SystemClock, SystemIds
from service.commands.opened import opened, opened_for_reading
from service.commands.person_at_shell import person_at_shell
from service.connectors.yaml_file import FileMistakesError, YamlFile
from service.settings import Settings
from service.usecases.policy.draft_policy import draft_policy
from service.usecases.policy.publish_policy import publish_policy
from service.wire.policies import DraftRequest


def policy_in_force(settings: Settings) -> dict[str, object]:
    """Give the version in force and every limit in words, by its field."""
    with opened_for_reading(settings) as read, read() as uow:
        policy, version = uow.policies.in_force(), uow.policies.version()
    return {"version": version} | {limit.path: limit.value for limit in in_words(policy)}


def draft_from_file(
    settings: Settings, file: Path, *, login: str, password: str, note: str
) -> dict[str, object]:
    """Draft what a file changes, on top of the policy in force.

    Raises FileMistakesError, LogInRefusedError, NotAllowedError and InvalidRequestError.
    """
    with (
        opened(settings) as work,
        person_at_shell(login, password=password, work=work) as actor,
        work() as uow,
    ):
        before = uow.policies.in_force()
        policy = _changed(before, file)
        draft = draft_policy(
            DraftRequest(policy=policy, note=note),
            actor=actor,
            uow=uow,
            now=SystemClock().now(),
            ids=SystemIds(),
        )
    told = ((one.path, f"{one.before} -> {one.after}") for one in changes(before, policy))
    return {"draft": draft.id, **dict(told)}


def publish_draft(
    settings: Settings, draft_id: str, *, login: str, password: str
) -> dict[str, object]:
    """Put a draft in force. Raises LogInRefusedError and whatever `publish_policy` raises."""
    with (
        opened(settings) as work,
        person_at_shell(login, password=password, work=work) as actor,
        work() as uow,
    ):
        version = publish_policy(draft_id, actor=actor, uow=uow, now=SystemClock().now())
    return {"draft": draft_id, "version": version.version}


def _changed(before: ReviewPolicy, file: Path) -> ReviewPolicy:
    """Lay what the file says over a policy; a part such as `lanes` keeps what it leaves out."""
    content = YamlFile(file).content
    said = content if isinstance(content, dict) else {}
    policy = before.model_dump(mode="json")
    for name, given in said.items():
        kept = policy.get(name)
        if isinstance(given, dict) and isinstance(kept, dict):
            policy[name] = kept | given
        else:
            policy[name] = given
    try:
        return ReviewPolicy.model_validate_json(json.dumps(policy, default=str))
    except ValidationError as error:
        raise FileMistakesError(file, problems(error)) from error

"""How the names of a system where work is booked map onto the contracts of a terms file."""

from __future__ import annotations

from pydantic import Field

from data.schemas.values import (
    Country,
    Currency,
    Identifier,
    LocalDate,
    MinorUnits,
    Name,
    Record,
    Zone,
)
from service.connectors.tryton_books import BookSettings


class PersonTerms(Record):
    """What the system does not know of a person; left out, the section's defaults hold."""

    person_id: Identifier | None = None
    """Our id of the person, where another system brings them already: `tryton-employee-1`."""
    labor_category: Identifier | None = None
    hourly_rate_minor: MinorUnits | None = None
    hourly_cost_minor: MinorUnits = 0
    grade: Name = "consultant"
    authority_limit_minor: MinorUnits = 0


class MilestoneTerms(Record):
    """What Tryton does not know of a milestone."""

    due_on: LocalDate
    evidence_required: tuple[Name, ...] = ()
    evidence_provided: tuple[Name, ...] = ()


class VersionTerms(Record):
    """What Redmine does not know of a version that is a milestone."""

    amount_minor: MinorUnits
    due_on: LocalDate | None = None
    """By default the date of the version."""
    evidence_required: tuple[Name, ...] = ()
    evidence_provided: tuple[Name, ...] = ()


class ProjectTerms(Record):
    """The contract line a project is billed on, and who manages it."""

    contract_id: Identifier
    line_id: Identifier
    manager: Name
    staff: tuple[Name, ...] = ()
    """People of the staffing plan, for the whole period of performance."""


class TrytonProject(ProjectTerms):
    """A Tryton project; its milestones are tasks."""

    milestones: dict[Name, MilestoneTerms] = Field(default_factory=dict)


class RedmineProject(ProjectTerms):
    """A Redmine project; its milestones are versions."""

    milestones: dict[Name, VersionTerms] = Field(default_factory=dict)


class WorkTerms(Record):
    """What holds for a whole system where work is booked."""

    zone: Zone
    currency: Currency
    country: Country
    """Where the people work, as the system keeps no country for them."""
    default_labor_category: Identifier
    default_hourly_rate_minor: MinorUnits
    ignored_projects: tuple[Name, ...] = ()
    """Projects that are not billed: their rows are counted and left out."""
    people: dict[Name, PersonTerms] = Field(default_factory=dict)

    def person(self, name: str) -> PersonTerms:
        """What this file says of a person, or the defaults."""
        return self.people.get(name, PersonTerms())


class TrytonTerms(WorkTerms):
    """How Tryton's names map onto the contracts of this file."""

    clients: dict[Identifier, Name]
    """Our client id to the name of the party in Tryton."""
    projects: dict[Name, TrytonProject]
    books: BookSettings = BookSettings()
    reads_allocations: bool = False
    """Whoever is allocated to a task (module `project_plan`) is staff of its project."""


class RedmineTerms(WorkTerms):
    """How Redmine's names map onto the contracts of this file."""

    projects: dict[Name, RedmineProject]
    """By the identifier in the address of the project, which does not change with its name."""
    billable_field: Name | None = None
    """A yes-no custom field of time entries; without one all time is billable."""

"""What people write when it is not simply their work: empty words, unpaid work, favours, slang.

There are more phrases than a list of words can hold: what a text tells has to be learned.
"""

from __future__ import annotations

VAGUE_OPENINGS = (
    "Various", "General", "Ongoing", "Misc", "Sundry", "Assorted", "Continued", "Usual", "Further",
    "Diverse", "Remaining", "Day-to-day", "Routine", "Several", "Different", "Other",
)  # fmt: skip
VAGUE_OBJECTS = (
    "tasks", "project work", "support", "follow-up", "topics", "matters", "coordination",
    "bits and pieces", "odds and ends", "stuff", "issues", "clarifications", "to-dos",
    "loose ends", "housekeeping", "items", "calls and emails", "alignment", "firefighting",
)  # fmt: skip
VAGUE_ENDINGS = (
    "", "", "", "", " as needed", " for the client", " on the project", " with the team",
    " as usual", " etc", " over the day", " per request", ", see calendar",
)  # fmt: skip

OVERHEAD = (
    "Internal team meeting", "Internal training on tools", "Travel to client site",
    "Timesheet and expense admin", "Onboarding of new colleague", "Internal knowledge sharing",
    "Proposal preparation", "Laptop setup and licences", "Practice away day planning",
    "Appraisal talk with my manager", "Recruiting chat with a candidate",
    "Booking flights and the hotel", "Waiting for system access", "Mentoring of our trainee",
    "Staffing round for next month", "Clearing out my mailbox", "Query from our own accounting",
    "Handover before my vacation", "Setting up the new phone", "Reading up on the tool at home",
    "Drive home from site", "Train to Leipzig and back", "Airport transfer and queue",
    "Pitch rehearsal", "Own CV for a tender", "Company town hall", "Works council briefing",
    "Fire drill and office move", "First aid course", "Certification exam", "Goal setting forms",
    "Lunch with the partner", "Correcting our invoice", "Office supplies order",
    "Webinar of the vendor", "Password reset with our helpdesk", "Birthday breakfast of the team",
    "Stuck in traffic on the way in", "Reference story for our website", "Desk sharing rota",
)  # fmt: skip
OVERHEAD_ENDINGS = ("", "", ", half day", " with the practice", " in the morning", " (short)")

PAID_LOOK_ALIKES = (
    "Training of the client's key users on the {thing}", "Travel policy of the client: {thing}",
    "Expense workflow of the client, {thing}",
    "Onboarding journey of the client's staff: {thing}",
    "Interview with the plant manager about the {thing}",
    "Internal audit file of the client: {thing}",
    "Proposal to the steering committee on the {thing}",
    "Knowledge transfer to the client's team: {thing}",
)  # fmt: skip
"""Work that clients pay for, in words that sound like overhead."""

FAVOUR_OPENINGS = (
    "Favour:", "Side request:", "Extra:", "On top:", "Spontaneous wish:", "Asked in the corridor:",
    "As a goodwill gesture,", "Beyond the plan:", "Quick help with the", "Unplanned:",
)  # fmt: skip
FAVOURS = (
    "sales director's slides", "canteen survey", "website texts", "staff party budget",
    "board member's spreadsheet", "sister company's licence list", "printer fleet overview",
    "press release", "car pool list", "job advertisement", "charity run statistics",
    "other department's database", "photo archive", "subsidiary's org chart", "trade fair booth",
    "intranet poll", "parking permits", "customer magazine", "holiday calendar of the client",
    "chairman's speech", "old archive migration", "sponsoring figures",
)  # fmt: skip
PLANNED_EXTRAS = (
    "Extra check of the {thing}", "Additional test of the {thing}",
    "Side-by-side view of the {thing}",
    "Unplanned outage of the {thing}, cause found", "Quick fix of the {thing} before release",
)  # fmt: skip
"""Work inside the scope, in words that sound like a favour."""

JOINERS = ("; ", " and ", ", ", " + ", ", then ", " / ", " plus ", " & ")
SLANG = (
    "for the Falcon board", "before Q-gate 3", "with the blue team", "as per the war room",
    "for the KMU circle", "on the Tuesday wall", "for the green book", "via the fast lane",
    "for Team Hedgehog", "as per sheet 12b", "on the B-list", "before the town gate",
)  # fmt: skip
"""How the people of some clients talk; it says nothing about the work."""

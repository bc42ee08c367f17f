"""Words that say nothing about the work, whatever the trade."""

from __future__ import annotations

VAGUE_WORDS = frozenset({
    "various", "several", "misc", "miscellaneous", "general", "ongoing", "other", "others",
    "work", "working", "project", "projects", "task", "tasks", "support", "follow", "up",
    "followup", "item", "items", "topic", "topics", "stuff", "things", "call", "calls", "email",
    "emails", "mail", "mails", "meeting", "meetings", "needed", "etc", "activities", "activity",
    "as", "on", "and", "the", "of", "for", "day", "half",
})  # fmt: skip

"""What `countersign key add --help` tells of scopes."""

from __future__ import annotations

from service.wire.scope_words import SCOPE_WORDS

KEY_EXAMPLES = "\n".join(
    (
        "\b",
        "Examples:",
        "  countersign key add nightly-sync --scope assess --scope read",
        "  countersign key add hr-sync --scope resources:read --scope resources:write",
        "  countersign key add ledger --scope billing:read",
        "",
        "\b",
        "What each scope lets a program do:",
        *(f"  {scope:<16} {words}" for scope, words in SCOPE_WORDS.items()),
        "",
        "read holds all that end in :read; reference and assess together hold all that end in "
        ":write. A scope to write does not read. No key ever decides a case.",
    )
)

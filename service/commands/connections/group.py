"""`countersign sync FILE`: whatever is no system of ours is taken as a connection."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

FOR_CONNECTIONS = "connection"


class SyncGroup(TyperGroup):
    """Commands by the system's name; any other name is the file or the name of a connection."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer names no public type for either
        """Find the command of the first argument."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = [FOR_CONNECTIONS, *args]
        return super().resolve_command(ctx, args)

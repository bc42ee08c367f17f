"""Items deleted at their source stay, with the time of their withdrawal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("item", sa.Column("withdrawn_at", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("item", "withdrawn_at")

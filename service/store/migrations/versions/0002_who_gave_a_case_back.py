"""Remember who gave a case back, so that the queue offers it to others first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has given back what is there now."""
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("released_by_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("migrations are never taken back; restore a backup instead")

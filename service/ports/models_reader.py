"""What is known of the models in force, as the API asks it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from service.ports.stores import UnitOfWork
from service.wire.models import BundleView, ModelsView, SegmentView


class ModelsReader(Protocol):
    """Tells what is in force, promised, watched and ordered."""

    def view(self, uow: UnitOfWork, *, now: datetime) -> ModelsView:
        """Give everything that is known of the models in force."""
        ...

    def champion(self, uow: UnitOfWork, *, now: datetime) -> BundleView | None:
        """Give the bundle in force with what it promises; None where rules alone decide."""
        ...

    def checked(self, uow: UnitOfWork) -> tuple[SegmentView, ...]:
        """Give what random checks say of each segment that anything was cleared in."""
        ...

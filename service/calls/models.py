"""The models in force, and orders to change them."""

from __future__ import annotations

from service.calls.http import ApiCalls, page_filters, segment
from service.wire.models import JobPage, JobView, ModelsView, RollbackRequest


class ModelCalls(ApiCalls):
    """The models in force, and orders to change them."""

    def models(self) -> ModelsView:
        """Tell what is in force, what it promises, what checks say of it, and what is ordered."""
        return self._get("/v1/models", answer=ModelsView)

    def model_jobs(self, *, cursor: str | None = None, limit: int = 20) -> JobPage:
        """Give the orders to the models, newest first."""
        return self._get("/v1/models/jobs", page_filters(cursor, limit), answer=JobPage)

    def model_job(self, job_id: str) -> JobView:
        """Tell how far an order to the models has come."""
        return self._get(f"/v1/models/jobs/{segment(job_id)}", answer=JobView)

    def retrain(self) -> JobView:
        """Order a training on everything the trail holds."""
        return self._post("/v1/models/retrain", None, answer=JobView)

    def look_for_drift(self) -> JobView:
        """Order a look for drift."""
        return self._post("/v1/models/drift", None, answer=JobView)

    def promote(self, version: int) -> JobView:
        """Order that a version becomes champion."""
        return self._post(f"/v1/models/{version}/promote", None, answer=JobView)

    def roll_back(self, version: int) -> JobView:
        """Order that an earlier version becomes champion again."""
        request = RollbackRequest(version=version)
        return self._post("/v1/models/rollback", request, answer=JobView)

    def shadow(self, version: int) -> JobView:
        """Order that a version is asked beside the champion, without any effect."""
        return self._post(f"/v1/models/{version}/shadow", None, answer=JobView)

    def end_shadow(self) -> JobView:
        """Order that no version is asked beside the champion any more."""
        return self._read(self._send("DELETE", "/v1/models/challenger"), JobView)

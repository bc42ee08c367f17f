"""Have the items of a JSON file assessed: `python docs/examples/assess_file.py ITEMS.json`.

The file holds {"items": [...]}, as docs/examples/assessment.json does. The address and the key come
from COUNTERSIGN_API and COUNTERSIGN_KEY. Run it again as often as you like: the key of the call is
the content of the file, so one file has one effect.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

from service.client import ApiProblem, CountersignClient
from service.wire.assessments import AssessmentResponse


def assess_file(path: Path, client: CountersignClient) -> AssessmentResponse:
    """Send the items under a key made of what they are."""
    content = path.read_bytes()
    key = f"file-{hashlib.sha256(content).hexdigest()}"
    return client.assess(json.loads(content)["items"], idempotency_key=key)


def lines(answer: AssessmentResponse) -> list[str]:
    """Tell what became of each row."""
    told = [f"{answer.assessed} assessed, {answer.unchanged} known, {answer.rejected} rejected"]
    for one in answer.results:
        if one.rejection is not None:
            reasons = "; ".join(f"{p.field}: {p.reason}" for p in one.rejection.problems)
            told.append(f"row {one.row}: {reasons}")
        elif one.assessment is not None:
            waits = f", case {one.case_id}" if one.case_id else ""
            told.append(f"row {one.row}: {one.assessment.route}{waits}")
    return told


if __name__ == "__main__":
    with CountersignClient(os.environ["COUNTERSIGN_API"], token=os.environ["COUNTERSIGN_KEY"]) as c:
        try:
            print("\n".join(lines(assess_file(Path(sys.argv[1]), c))))
        except ApiProblem as refused:
            sys.exit(f"{refused}\n{refused.problem.remedy}")

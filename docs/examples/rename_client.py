"""Rename a client and undo nobody's change: `python docs/examples/rename_client.py ID NAME`.

The address and the key come from COUNTERSIGN_API and COUNTERSIGN_KEY; the key needs contracts:read
and contracts:write. The client is read with its ETag and sent back as it was read but for its name.
Where somebody changed it in between, the API answers 412 and changes nothing: it is read again, so
that their change stays.
"""

from __future__ import annotations

import os
import sys
from http import HTTPStatus

from service.client import ApiProblem, CountersignClient


def rename_client(client_id: str, name: str, client: CountersignClient) -> int:
    """Give a client a new name; gives how often somebody else was faster.

    Raises ApiProblem for every refusal but 412.
    """
    faster = 0
    # No limit is needed: each turn but the last is one in which somebody else got their change in.
    while True:
        seen = client.see_client(client_id)
        renamed = seen.what.model_copy(update={"name": name})
        try:
            client.put_client(renamed, if_match=seen.etag)
        except ApiProblem as refused:
            if refused.problem.status != HTTPStatus.PRECONDITION_FAILED:
                raise
            faster += 1
        else:
            return faster


if __name__ == "__main__":
    with CountersignClient(os.environ["COUNTERSIGN_API"], token=os.environ["COUNTERSIGN_KEY"]) as c:
        try:
            times = rename_client(sys.argv[1], sys.argv[2], c)
        except ApiProblem as problem:
            sys.exit(f"{problem}\n{problem.problem.remedy}")
    print(f"renamed; somebody else was faster {times} times")

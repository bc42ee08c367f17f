"""Add up what was posted, by currency and status: `python docs/examples/read_postings.py`.

The address and the key come from COUNTERSIGN_API and COUNTERSIGN_KEY.
"""

from __future__ import annotations

import os
from collections import Counter

from service.calls.paging import pages
from service.client import CountersignClient


def read_postings(client: CountersignClient, *, page_size: int = 50) -> Counter[tuple[str, str]]:
    """Read every page of the postings; amounts are in minor units."""
    totals: Counter[tuple[str, str]] = Counter()
    for page in pages(client.postings, limit=page_size):
        for one in page.postings:
            totals[one.currency, one.status] += one.total_minor
    return totals


if __name__ == "__main__":
    with CountersignClient(os.environ["COUNTERSIGN_API"], token=os.environ["COUNTERSIGN_KEY"]) as c:
        for (currency, status), minor in sorted(read_postings(c).items()):
            print(f"{status:12} {currency} {minor / 100:>14,.2f}")

"""One holder at a time per name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from service.connectors.posting_lock import PostingLock


def test_only_one_thread_holds_a_lock(tmp_path):
    holders, most = [], []

    def work(number):
        with PostingLock(tmp_path).held("tryton-1-1"):
            holders.append(number)
            most.append(len(holders))
            holders.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(100)))
    assert max(most) == 1


def test_two_names_do_not_wait_for_each_other(tmp_path):
    lock = PostingLock(tmp_path)
    with lock.held("company-1"), lock.held("company/2 & co"):
        assert len(list(tmp_path.iterdir())) == 2

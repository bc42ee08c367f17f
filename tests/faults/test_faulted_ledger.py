"""A ledger whose answers go wrong in nine ways gets every bill once, or a person hears why not."""

from __future__ import annotations

import pytest

from tests.faults.fault_proxy import Fault
from tests.faults.faulted_run import run_faulted

pytestmark = pytest.mark.enable_socket
BILLS = 300


def test_bills_through_a_faulty_connection_are_all_posted_once(tmp_path):
    told = run_faulted(BILLS, share=0.1, seed=7, folder=tmp_path, patience=120.0)

    assert (told.lost, told.doubled, told.undercut) == (0, 0, 0), told
    assert told.posted + sum(told.in_queue.values()) == BILLS
    assert set(told.faults) == {fault.value for fault in Fault}

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# An example that takes long says that the machine is busy, and nothing about what it tests.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

HERE = Path(__file__).parent
OTHER_PROCESSES = {HERE / "browser", HERE / "live"}
"""Where a browser or a server of its own takes part, and has to wait for a processor as we do."""
PROOFS = {"test_kill.py", "test_close_kill.py"}
"""What must hold each time: that nothing is lost is not true because it was true at the second try."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what takes part with other processes two more tries, and let it begin.

    On a busy machine a browser or a server may stand still for longer than any wait of ours; the
    suite's closing line counts the tries. What is wrong fails each time. What is long begins: begun
    last, one of those who share the work would wait for it and the others have nothing to do.
    """
    items.sort(key=lambda item: not OTHER_PROCESSES & set(item.path.parents))
    for item in items:
        if OTHER_PROCESSES & set(item.path.parents) and item.path.name not in PROOFS:
            item.add_marker(pytest.mark.flaky(reruns=2))

from __future__ import annotations

from pathlib import Path

import pytest

from conference.store import Store
from tests.store.meetings import opened


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def store(data: Path):
    made: Store = await opened(data)
    yield made
    await made.close()

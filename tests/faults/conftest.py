"""What the live tests start from serves here, too."""

from tests.live.conftest import own_server, prepared

__all__ = ["own_server", "prepared"]

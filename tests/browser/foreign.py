"""Another service on this machine: a stream made by ffmpeg, and a page that asks for the microphone."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import threading
from pathlib import Path

PAGE = """<!doctype html><title>Stand-in</title><p id="says">…</p><script>
const says = document.getElementById("says");
let kept = "no storage";
try { localStorage.setItem("a", "b"); kept = "storage"; } catch { /* none for us */ }
const rule = document.featurePolicy.allowsFeature("microphone") ? "may ask" : "may not ask";
const rest = `${rule}, ${kept}, from ${document.referrer || "nowhere"}`;
navigator.mediaDevices.getUserMedia({ audio: true }).then(
  () => (says.textContent = `microphone, ${rest}`),
  () => (says.textContent = `refused, ${rest}`),
);
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder to whoever asks, as a streaming host does."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Foreign:
    """A server of another origin than ours, on a free port."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Handler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        (folder / "page.html").write_text(PAGE)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def stream(folder: Path) -> None:
    """Write a minute of a 440 Hz tone as an HTTP live stream (AAC in fragmented MP4)."""
    ffmpeg = shutil.which("ffmpeg")
    assert ffmpeg, "ffmpeg is missing: install Debian's package ffmpeg"
    subprocess.run(
        [
            ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=60",
            "-c:a", "aac", "-b:a", "64k", "-f", "hls", "-hls_time", "2", "-hls_playlist_type",
            "vod", "-hls_segment_type", "fmp4", str(folder / "out.m3u8"),
        ],
        check=True, timeout=60, cwd=folder,
    )  # fmt: skip

"""The report in a real browser: nothing asked of any host, nothing wider than the page."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import surveyor as sv
from tests.conftest import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian: apt install chromium)")

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--disable-default-apps", "--disable-extensions",
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sv.Study.load(ROOT / "data" / "copenhagen").report(tmp_path_factory.mktemp("out"))


def chromium(page: Path, folder: Path, *options: str) -> str:
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_no_request_leaves_the_machine(report: Path, tmp_path: Path) -> None:
    loud = tmp_path / "loud.html"
    loud.write_text('<!doctype html><title>x</title><img src="http://example.invalid/pixel.png">')
    assert "example.invalid" in asked(loud, tmp_path), "the log would show a request"
    empty = tmp_path / "empty.html"
    empty.write_text("<!doctype html><title>x</title>")
    assert asked(report, tmp_path) <= asked(empty, tmp_path), "no more than Chromium asks by itself"


def asked(page: Path, folder: Path) -> set[str]:
    """Every host that Chromium asked for anything while showing a page."""
    log = folder / f"{page.stem}.json"
    chromium(page, folder, f"--log-net-log={log}", "--dump-dom")
    text = log.read_text(encoding="utf-8").rstrip()
    events = json.loads(text if text.endswith("}") else text.rstrip(",") + "]}")["events"]
    urls = {e["params"]["url"] for e in events if isinstance(e.get("params"), dict) and "url" in e["params"]}
    return {urlsplit(url).netloc for url in urls if url.startswith(("http:", "https:", "ws:", "wss:"))}


@pytest.mark.parametrize("width", [1280, 500])  # Chromium opens no narrower window
def test_nothing_is_wider_than_the_page(report: Path, width: int, tmp_path: Path) -> None:
    probe = tmp_path / "probe.html"
    # The report allows no script, so the copy that is measured does without the policy.
    text = report.read_text(encoding="utf-8").replace('http-equiv="Content-Security-Policy"', "data-off")
    script = (
        "<script>addEventListener('load',()=>{const w=[...document.querySelectorAll('.sv-scroll')]"
        ".map(e=>e.scrollWidth-e.clientWidth);document.title=JSON.stringify({page:"
        "document.documentElement.scrollWidth-innerWidth,tables:Math.max(...w)})})</script>"
    )
    probe.write_text(text.replace("</body>", script + "</body>"), encoding="utf-8")
    dom = chromium(probe, tmp_path, f"--window-size={width},2000", "--dump-dom")
    found = json.loads(dom.split("<title>")[1].split("</title>")[0])
    assert found["page"] <= 0
    assert found["tables"] <= 0

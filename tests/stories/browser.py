"""A real browser on a real site: the drawn release served by `twohats serve`, nothing reached but this machine."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.conftest import REPOSITORY

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run")


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a site that serves this demo home for as long as the block lasts."""
    if not (home / "demo.json").exists():
        (home / "demo.json").write_text("{}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "TWOHATS_WEB_PROCESSES": "1"}
    command = [sys.executable, "-m", "twohats", "serve", "--home", str(home), "--port", str(port), "--demo-users"]
    site = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        answers(address, site)
        yield address
    finally:
        site.terminate()
        site.wait(20)


def answers(address: str, site: "subprocess.Popen[bytes]", patience: float = 60) -> None:
    """Waits until the site answers."""
    until = time.monotonic() + patience
    while True:
        try:
            urlopen(f"{address}/alive", timeout=5).close()
            return
        except OSError:
            if site.poll() is not None or time.monotonic() > until:
                raise


@dataclass
class Watched:
    """What a page did that it must not: requests elsewhere, errors, reports of the security policy."""

    address: str
    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        """Listens to a page."""
        page.on("request", lambda request: self._requested(request.url))
        page.on("console", lambda message: message.type in ("error", "warning") and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _requested(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(url)


@contextmanager
def reader(browser: Any, address: str, name: str | None, **how: Any) -> Iterator[tuple[Any, Watched]]:
    """A page in a session of one of the demo's people (of nobody for None), and what it did that it must not."""
    state = session_of(browser, address, name) if name else None
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "storage_state": state, **how})
    watched = Watched(address)
    try:
        page = context.new_page()
        watched.watch(page)
        yield page, watched
    finally:
        context.close()


_SESSIONS: dict[tuple[str, str], Any] = {}


def session_of(browser: Any, address: str, name: str) -> Any:
    """The session of one of the demo's people: logged in by the log-in page, once."""
    if (address, name) not in _SESSIONS:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/log-in")
        page.locator(f'button[value="{name}"]').click()
        page.wait_for_url(re.compile(f"{address}/(?!log-in)"))
        _SESSIONS[address, name] = context.storage_state()
        context.close()
    return _SESSIONS[address, name]

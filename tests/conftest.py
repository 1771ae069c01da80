"""What every test may lean on: where reference data lie, and a network that ends at this machine."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is slow at times; how long an example takes is no law of ours.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("TWOHATS_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the reference data are not on this machine (set TWOHATS_SHARED to their folder)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium to drive; tests that need a browser are skipped without one."""
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"):
        if Path(path).exists():
            return path
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(autouse=True)
def no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine: a connection to any host but loopback fails the test."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach another host (port {address[1]})")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", only_loopback)

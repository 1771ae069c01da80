"""twohats serve: the site."""

import argparse
import os
import subprocess
import sys
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from twohats.service import configuration, starting
from twohats.words.problems import Problem

THREADS = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Home, address, port."""
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--address", default="127.0.0.1", help="another than this machine's needs TWOHATS_SECURE=1")
    parser.add_argument("--demo-users", action="store_true",
                        help="one log-in per role; a demo home has them in any case, a real home refuses")
    parser.add_argument("--without-worker", action="store_true", help="the worker runs apart: twohats worker")


def run(args: argparse.Namespace) -> dict[str, Any] | None:
    """Serves until stopped."""
    told = prepare(args.home.resolve(), args.address, args.demo_users)
    print("\n".join(told), f"Open http://{args.address}:{args.port}/", sep="\n", flush=True)  # noqa: T201
    worker = None if args.without_worker else _start_worker(args.home.resolve())
    try:
        _serve(args.address, args.port)
    finally:
        if worker:
            worker.terminate()
            worker.wait()
    return None


def prepare(home: Path, address: str, demo_users: bool) -> list[str]:
    """Everything before the first request: checks, key, tables, demo log-ins. Returns what to tell."""
    home.mkdir(parents=True, exist_ok=True)
    asked = configuration.read({**os.environ, "TWOHATS_HOME": str(home)})
    if not _is_this_machine(address) and not asked.secure:
        raise Problem("Other machines may reach the site only through TLS.", "--address",
                      "Serve on 127.0.0.1 behind a proxy that speaks TLS, and set TWOHATS_SECURE=1.")
    if not _is_this_machine(address) and asked.is_demo:
        raise Problem("A demo home answers only on this machine.", "--address", "Leave it out.")
    if demo_users and not asked.is_demo:
        raise Problem("This home is not the demo hospital's; everybody could log in.", "--demo-users",
                      "Add people one by one: twohats add-user")
    starting.begin(home)
    told = [f"records: {step}" for step in starting.bring_records_up_to_date() if step.startswith("records")]
    if asked.is_demo:
        starting.make_demo_users()
        told += [f"log in as {username:6} {name} ({role or 'may see nothing'})"
                 for username, name, role in starting.DEMO_USERS]
        told.append(f"password of each: {starting.DEMO_PASSWORD}")
    return told


def _is_this_machine(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _start_worker(home: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "twohats", "worker", "--home", str(home), "--beside", str(os.getpid())])


def _stay_ready(_worker: Any) -> None:
    from twohats.service.pages.ready import stay_ready  # late: settings come first

    threading.Thread(target=stay_ready, name="ready", daemon=True).start()


def _serve(address: str, port: int) -> None:
    from gunicorn.app.base import BaseApplication  # late: slow import

    class Site(BaseApplication):
        """Our application under gunicorn, told everything here instead of in a file."""

        def load_config(self) -> None:
            """Few processes, some threads, no file of its own, our one line per request."""
            from django.conf import settings

            for name, value in {
                "bind": f"{address}:{port}", "workers": settings.CONFIGURATION.web_processes, "threads": THREADS,
                "worker_class": "gthread", "timeout": 60, "graceful_timeout": 10, "keepalive": 30,
                "accesslog": None, "errorlog": "-", "loglevel": "warning", "control_socket_disable": True,
                "limit_request_line": 4094, "proc_name": "twohats", "worker_tmp_dir": None,
                "logger_class": "twohats.service.middleware.gunicorn_lines.Lines", "post_worker_init": _stay_ready,
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, made in each process."""
            from twohats.service.wsgi import application

            return application

    Site().run()

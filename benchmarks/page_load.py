"""Fifty logged-in people, a page each five seconds: how long does a page take, cold and then warm?

    python -m benchmarks.page_load --home HOME [--people 50] [--minutes 2] [--limit-ms 300]

Starts the site on a free port of 127.0.0.1, logs in one session per person (demo log-ins), lets each open a page
every five seconds from the places their role may see, and prints n, p50, p95, p99 and errors for the first minute
(cold) and the rest (warm). Exit code 1 when p95 is over the limit or a page failed.
"""

import argparse
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

ROLES_AND_PAGES = {
    "frank": ["/overview/", "/quality/", "/tables/"],
    "carla": ["/people/"],
    "eve": ["/desk/"],
}


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """One person's session: keeps cookies, follows the log-in form, finds links to open next."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Host": f"127.0.0.1:{self.port}"}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.port}{path}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text

    def log_in(self, user: str) -> None:
        """Enters the demo hospital as one of its people, by the button on its log-in page."""
        _, _, page = self.ask("GET", "/log-in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None or f'value="{user}"' not in page:
            raise SystemExit(f"the log-in page does not offer {user}: is this a demo home?")
        status, _, _ = self.ask("POST", "/log-in/demo", {"csrfmiddlewaretoken": token[1], "username": user})
        if status != 302:
            raise SystemExit(f"log-in of {user} answered {status}")


def live(browser: Browser, pages: list[str], start: float, until: float, took: list, first: float) -> None:
    next_at = first
    turn = 0
    while next_at < until:
        time.sleep(max(0.0, next_at - time.monotonic()))
        path = pages[turn % len(pages)]
        begun = time.monotonic()
        try:
            status = browser.ask("GET", path)[0]
        except OSError:
            status = 0
        took.append((begun - start, (time.monotonic() - begun) * 1000, status, path))
        turn += 1
        next_at += 5.0


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--limit-ms", type=float, default=300.0)
    args = parser.parse_args()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "twohats", "serve", "--home", str(args.home), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        return measure(args, port, server)
    finally:
        server.terminate()
        server.wait(timeout=20)


def measure(args: argparse.Namespace, port: int, server: subprocess.Popen) -> int:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.1)
    sessions = []
    for number in range(args.people):
        user = list(ROLES_AND_PAGES)[number % len(ROLES_AND_PAGES)]
        browser = Browser(port)
        browser.log_in(user)
        sessions.append((browser, pages_of(browser, user, number)))
    took: list[tuple[float, float, int, str]] = []
    start = time.monotonic() + 0.5
    until = start + args.minutes * 60
    threads = [
        threading.Thread(target=live, args=(browser, pages, start, until, took, start + 5.0 * i / len(sessions)))
        for i, (browser, pages) in enumerate(sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report(args, took)


def pages_of(browser: Browser, user: str, number: int) -> list[str]:
    """What this person opens: the places of the role, and pages found behind them (one unit, one journey, one card)."""
    pages = list(ROLES_AND_PAGES[user])
    links = []
    for page in ROLES_AND_PAGES[user]:
        _, _, text = browser.ask("GET", page)
        links += re.findall(r'href="((?:/people/\d+/|/desk/\d+/|/overview/\?[^"]+))"', text)
    unique = sorted(set(links))
    return pages + [unique[(number * 7 + k) % len(unique)].replace("&amp;", "&") for k in range(4 if unique else 0)]


def report(args: argparse.Namespace, took: list[tuple[float, float, int, str]]) -> int:
    failed = [row for row in took if row[2] != 200]
    worst = 0.0
    cold, warm = [row for row in took if row[0] < 60], [row for row in took if row[0] >= 60]
    for name, rows in (("cold (first minute)", cold), ("warm", warm)):
        if not rows:
            continue
        times = [r[1] for r in rows]
        worst = max(worst, quantile(times, 0.95))
        print(f"{name:20} n {len(rows):5}  p50 {statistics.median(times):7.1f} ms  p95 {quantile(times, .95):7.1f} ms  "
              f"p99 {quantile(times, .99):7.1f} ms")
    by_page: dict[str, list[float]] = {}
    for _, milliseconds, _, path in took:
        by_page.setdefault(re.sub(r"\d+", "N", path.split("?")[0]), []).append(milliseconds)
    for path, times in sorted(by_page.items()):
        print(f"  {path:24} n {len(times):5}  p95 {quantile(times, .95):7.1f} ms")
    print(f"{args.people} people, a page each 5 s; failed pages: {len(failed)}; limit {args.limit_ms:.0f} ms")
    return 1 if failed or worst > args.limit_ms else 0


if __name__ == "__main__":
    sys.exit(main())

"""Every answer of every route tells the browser to load nothing from elsewhere and to run nothing inline."""

import re

import pytest
from django.test import Client

from tests.security.conftest import logged_in
from tests.security.test_who_may_see_what import ASKED
from twohats.service import settings as declared
from twohats.service.middleware.headers import POLICY


def headers_of(response) -> dict[str, str]:
    return {name: response.get(name, "") for name in (
        "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy",
        "Cross-Origin-Opener-Policy", "Cache-Control")}


SAFE = {
    "Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
}
INLINE = re.compile(r'<script(?![^>]*\bsrc=)|<style|\sstyle="|\son\w+="|(?:src|href)="(?:https?:)?//[^"]*')
READS = {one: asked for one, asked in ASKED.items() if one != ("audit:review", "in")}


def test_the_policy_allows_nothing_inline_and_nobody_else():
    assert "unsafe" not in POLICY
    assert set(re.findall(r"(?<= )('?[^ ;]+'?)", POLICY)) >= {"'self'", "'none'"}
    assert re.findall(r"https?:|\*|data:", POLICY) == []
    assert "frame-ancestors 'none'" in POLICY
    assert "default-src 'self'" in POLICY


def test_every_route_sends_the_headers(readers):
    wrong = {}
    for user in (None, readers["administrator"], readers["analyst"]):
        for name, asked in READS.items():
            response = logged_in(user).get(asked.path())
            if response.streaming:
                b"".join(response.streaming_content)
            told = headers_of(response)
            # Choosing a language and the like answer with the page's own caching; none may be laxer.
            if told != SAFE and told | {"Cache-Control": "no-store"} != SAFE:
                wrong[name] = told
    assert wrong == {}


@pytest.mark.parametrize("path", ["/nowhere", "/people/notanumber/", "/static/twohats.css", "/static/nowhere.css"])
def test_errors_and_files_send_them_too(readers, path):
    told = headers_of(Client(raise_request_exception=False).get(path))
    assert told["Content-Security-Policy"] == POLICY
    assert told["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_anything_inline_or_from_elsewhere(readers):
    found = {}
    for name in ("administrator", "analyst", "navigator", "leader", "front_desk", "reviewer", "gus"):
        client = logged_in(readers[name])
        for route, asked in READS.items():
            response = client.get(asked.path()) if asked.post is None else None
            if response is None or response.streaming or "html" not in response.get("Content-Type", ""):
                continue
            text = response.content.decode()
            bad = INLINE.findall(text)
            if bad:
                found[route] = bad[:3]
    assert found == {}


def test_cookies_are_kept_from_scripts_and_other_sites(readers):
    from tests.security.conftest import SENTENCE

    client = Client()
    page = client.get("/log-in")
    assert page.cookies["csrf"]["httponly"]
    response = client.post("/log-in", {"username": "gus", "password": SENTENCE})
    cookie = response.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_behind_tls_cookies_are_host_cookies_and_plain_requests_are_sent_on(tmp_path):
    """Asked of a process of its own: Django reads its settings once."""
    import json
    import os
    import subprocess
    import sys

    script = (
        "import json; from twohats.service import settings as s; print(json.dumps({k: getattr(s, k) for k in ("
        "'SESSION_COOKIE_NAME', 'CSRF_COOKIE_NAME', 'SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE', "
        "'SECURE_SSL_REDIRECT', 'SECURE_HSTS_SECONDS', 'DEBUG')}))")
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                          env={**os.environ, "TWOHATS_HOME": str(tmp_path), "TWOHATS_SECURE": "1"})
    assert json.loads(told.stdout) == {
        "SESSION_COOKIE_NAME": "__Host-session", "CSRF_COOKIE_NAME": "__Host-csrf", "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31_536_000, "DEBUG": False}
    assert declared.SESSION_COOKIE_DOMAIN is None if hasattr(declared, "SESSION_COOKIE_DOMAIN") else True


def test_with_tls_the_browser_is_told_to_keep_to_it(readers, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert Client().get("/log-in", secure=True)["Strict-Transport-Security"] == "max-age=31536000"

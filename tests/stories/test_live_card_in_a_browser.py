"""An open card keeps itself up to date, and all on it is done with the keyboard alone, with or without scripts."""

import json
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest

from tests.conftest import REPOSITORY
from tests.release_fixture import BEN, make_release
from tests.stories import browser as walks
from tests.unit.live_events import body


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    home = tmp_path_factory.mktemp("live")
    make_release(home)
    with walks.served(home) as address:
        told = subprocess.run(
            [sys.executable, "-m", "twohats", "event-sender", "registration", "--json", "--home", str(home)],
            cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
        yield address, json.loads(told.splitlines()[-1])["secret"]


@pytest.fixture(scope="module")
def browser(chromium):
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(walks.FLAGS))
        yield opened
        opened.close()


def send(site, **event) -> int:
    address, secret = site
    request = Request(f"{address}/api/events", json.dumps(body(**event)).encode(), {
        "Authorization": f"Bearer {secret}", "Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return answer.status


def test_an_open_card_shows_a_live_event_by_itself_says_so_and_the_cursor_stays_where_it_was(browser, site):
    with walks.reader(browser, site[0], "eve") as (page, watched):
        page.goto(f"{site[0]}/desk/{BEN}/")
        page.locator("button[value=mixed]").focus()
        assert send(site, id="wait", act="wait", zone="waiting", role=None) == 202
        page.locator(".say", has_text="May be worried: take time.").wait_for()
        assert page.evaluate("document.activeElement.value") == "mixed"
        assert "May be worried: take time." in page.locator("[data-live-says]").inner_text()
        assert (watched.errors, watched.elsewhere) == ([], [])


def test_without_javascript_one_looks_again(browser, site):
    with walks.reader(browser, site[0], "eve", java_script_enabled=False) as (page, _watched):
        page.goto(f"{site[0]}/desk/{BEN}/")
        send(site, id="upset", distress=True)
        page.get_by_role("link", name="Look again").focus()
        page.keyboard.press("Enter")
        page.locator(".say", has_text="May be very worried").wait_for()


def test_eve_asks_for_a_nurse_and_logs_what_happened_with_the_keyboard_alone(browser, site):
    with walks.reader(browser, site[0], "eve", viewport={"width": 390, "height": 844}) as (page, watched):
        page.goto(f"{site[0]}/desk/{BEN}/")
        page.get_by_role("button", name="Nurse now").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Nobody is on it yet.").wait_for()
        page.get_by_role("link", name="Log what happened").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/log")
        page.get_by_label("phone number").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Keep it").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Kept. The card goes by it from now on.").wait_for()
        assert "phone number" in page.locator(".desk-lines").inner_text()
        assert watched.errors == []

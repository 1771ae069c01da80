"""Each reader's way, walked in a real browser: by keyboard, on a phone, in print, in Spanish, without JavaScript."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.conftest import REPOSITORY
from tests.release_fixture import ANA, ANAS_VISIT, BEN, CLAUSES, HAND_OFFS, OMAR, make_release
from tests.security.conftest import LANDING, land
from tests.stories import browser as walks

UNSURE, DIFFERING = CLAUSES[3]["clause"], CLAUSES[0]["clause"]
FORM, SHORT, SENT = (f"a-link-of-{name}-alone-0000000000000" for name in ("ana", "ben", "omar"))
CHOICES = "a-link-to-the-choices-of-ana-alone-0000"
PAGES = {
    "overview": ("frank", "/overview/"),
    "overview of a month": ("frank", "/overview/?unit=north&month=2026-10"),
    "too few": ("frank", "/overview/?unit=south&month=2026-10"),
    "one picture": ("frank", "/overview/picture/turns-customer?unit=north"),
    "measures": ("frank", "/measures/"),
    "group by group": ("frank", "/measures/groups/"),
    "who is heard": ("frank", "/measures/who-is-heard/"),
    "care received": ("frank", "/measures/care-received/"),
    "the wrong hat": ("frank", "/measures/wrong-hat/"),
    "visits and calls looked at": ("carla", "/served/"),
    "one looked at": ("carla", f"/served/{ANAS_VISIT}/patient/"),
    "official scores": ("frank", "/measures/official/"),
    "drivers": ("frank", "/measures/drivers/"),
    "among hospitals": ("frank", "/measures/among-hospitals/"),
    "a measure": ("frank", "/measures/time_to_clinician/"),
    "a measure written on": ("frank", "/measures/no_show/?unit=*"),
    "another process": ("frank", "/measures/no_show/write/rebase?unit=*"),
    "a note": ("nora", "/measures/no_show/write/note?unit=*"),
    "a goal": ("nora", "/measures/no_show/write/goal?unit=*"),
    "notes on charts": ("alex", "/measures/notes/"),
    "find": ("carla", "/people/"),
    "journey": ("carla", f"/people/{ANA}/"),
    "journey without names": ("nora", f"/people/{ANA}/"),
    "break-glass": ("carla", f"/audit/open/person/{ANA}"),
    "today": ("eve", "/desk/"),
    "card": ("eve", f"/desk/{BEN}/"),
    "nurse for somebody": ("eve", "/desk/nurse"),
    "what happened": ("eve", f"/desk/{BEN}/log"),
    "calls for a nurse": ("diaz", "/alerts/"),
    "a call for a nurse": ("diaz", "/alerts/2/"),
    "urgent": ("carla", "/alerts/"),
    "urgent, without words": ("frank", "/alerts/1/"),
    "an urgent comment": ("carla", "/alerts/1/"),
    "old urgent comments": ("carla", "/alerts/old"),
    "who is told": ("alex", "/alerts/recipients/"),
    "how each hat is engaged": ("alex", "/messages/strategies/"),
    "strategies changed": ("alex", "/messages/strategies/change/"),
    "strategies tested": ("alex", "/messages/strategies/tested/1/"),
    "cases": ("carla", "/cases/"),
    "a case": ("carla", "/cases/1/"),
    "a case without its words": ("frank", "/cases/1/"),
    "grievances": ("carla", "/cases/grievances/"),
    "an answer to write": ("carla", "/cases/1/letter/"),
    "lost track of": ("frank", "/lost-track/"),
    "lost track of, by name": ("carla", "/lost-track/"),
    "one list": ("carla", "/lost-track/list/told_to_book/"),
    "one hand-off": ("carla", f"/lost-track/{HAND_OFFS[0]['hand_off']}/"),
    "since Monday": ("frank", "/since-monday/"),
    "hats overruled": ("carla", "/since-monday/overruled/"),
    "questions to people": ("carla", "/asking/"),
    "ask one person": ("carla", f"/asking/to/{ANA}/"),
    "write down": ("carla", "/asking/1/write-down/"),
    "on the official survey": ("alex", "/asking/supplemental/"),
    "a form, first page": (None, f"/say/{FORM}/1/"),
    "a form, one question": (None, f"/say/{FORM}/2/"),
    "a form, own words": (None, f"/say/{FORM}/4/"),
    "a short form": (None, f"/say/{SHORT}/1/"),
    "a short form, own words": (None, f"/say/{SHORT}/2/"),
    "what became of it": (None, f"/say/{SENT}/"),
    "a link that opens nothing": (None, "/say/guessed/"),
    "how we may reach you": (None, f"/reach/{CHOICES}/"),
    "readings": ("rita", "/readings/"),
    "one clause": ("rita", f"/readings/unsure/{UNSURE}/"),
    "a clause of the sample": ("rita", f"/readings/random/{UNSURE}/"),
    "where readers differ": ("rita", "/readings/differences/"),
    "a difference": ("rita", f"/readings/differences/{DIFFERING}/"),
    "how well readers agree": ("frank", "/readings/agreement/"),
    "how labels move": ("nora", "/readings/drift/"),
    "data quality": ("nora", "/quality/"),
    "lines set aside": ("nora", f"/quality/landing/{LANDING}"),
    "tables": ("nora", "/tables/"),
    "codebook": ("nora", "/tables/interactions/"),
    "places": ("nora", "/places/"),
    "one place": ("nora", "/places/one/?place=Location/p7"),
    "users": ("alex", "/users/"),
    "audit": ("alex", "/audit/"),
    "openings": ("alex", "/audit/openings/"),
    "hidden kinds": ("alex", "/hidden-kinds/"),
    "first steps": ("alex", "/first-steps/"),
    "account": ("carla", "/account"),
    "no place yet": ("gus", "/"),
    "log in": (None, "/log-in"),
    "not here": ("frank", "/overview/?unit=nowhere"),
    "not for you": ("eve", "/overview/"),
}
STATUS = {"a link that opens nothing": 404, "not here": 404, "not for you": 403}
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    make_release(home)
    land(home)
    found_days_ago(home)
    with walks.served(home) as address:
        differ(home)
        write_on_a_chart(home)
        happen(home)
        ask(home)
        draft_strategies(home)
        yield address


def draft_strategies(home) -> None:
    """A draft of strategies with its test against last month, written in a process of its own."""
    script = (
        "import sys; from pathlib import Path; from twohats.service import starting\n"
        "starting.begin(Path(sys.argv[1]))\n"
        "from django.utils import timezone\n"
        "from twohats.care.contact.strategies import shipped_book\n"
        "from twohats.service.actions import people, strategies\n"
        "by = people.add_user(username='cuatro', display_name='cuatro', password='', by=None, is_demo=True)\n"
        "strategies.draft_and_test(book=shipped_book(), by=by, now=timezone.now())\n")
    subprocess.run([sys.executable, "-c", script, str(home)], cwd=REPOSITORY, check=True)


def found_days_ago(home) -> None:
    """One urgent comment, late by days, so that no minute that passes between two looks is seen on a page."""
    subprocess.run([sys.executable, "-m", "twohats", "worker", "--once", "--home", str(home)], cwd=REPOSITORY,
                   check=True)
    with closing(sqlite3.connect(home / "records.sqlite")) as records, records:
        records.execute("UPDATE records_urgentalert SET found_at = '2026-11-23 18:05:00', "
                        "due_at = '2026-11-23 18:20:00', escalated_at = '2026-11-23 18:21:00'")


def differ(home) -> None:
    """Two readers differ on a clause, written in a process of its own: this one holds no records."""
    script = (
        "import sys; from pathlib import Path; from twohats.service import starting\n"
        "starting.begin(Path(sys.argv[1]))\n"
        "from twohats.service.actions import people, readings as r\n"
        "for name, hat in (('una', 'patient'), ('dos', 'customer')):\n"
        "    by = people.add_user(username=name, display_name=name, password='', by=None, is_demo=True)\n"
        "    r.read_clause(told=r.Told(int(sys.argv[2]), 1, 'comments/1', 0, 'north-ed', 'r1'), by=by,\n"
        "                  label=r.Label(hat, 'informed_updates', -1, 'patient'), queue=r.Queue.UNSURE)\n")
    subprocess.run([sys.executable, "-c", script, str(home), str(DIFFERING)], cwd=REPOSITORY, check=True)


def write_on_a_chart(home) -> None:
    """A rebase, a withdrawn one, two notes and a goal on one chart, written in a process of its own."""
    script = (
        "import sys; from pathlib import Path; from twohats.service import starting\n"
        "starting.begin(Path(sys.argv[1]))\n"
        "from twohats.service.actions import marks as m, people\n"
        "by = people.add_user(username='tres', display_name='tres', password='', by=None, is_demo=True)\n"
        "to = {'chart': m.Chart('no_show', '*'), 'by': by}\n"
        "m.rebase(month='2026-09', reason='1234567', **to)\n"
        "m.withdraw_rebase(number=m.rebase(month='2026-08', reason='1234567', **to).pk, by=by)\n"
        "for month in ('2026-08', '2026-09'): m.write_note(month=month, words='1234567', **to)\n"
        "m.set_goal(month='2026-08', value=0.1, **to)\n")
    subprocess.run([sys.executable, "-c", script, str(home)], cwd=REPOSITORY, check=True)


def happen(home) -> None:
    """A live event of Ben, and a nurse asked for him days ago, written in a process of its own."""
    script = (
        "import sys; from pathlib import Path; from twohats.service import starting\n"
        "starting.begin(Path(sys.argv[1]))\n"
        "from datetime import timedelta; from django.utils import timezone\n"
        "from twohats.service.actions import alerts, live_events as live, senders\n"
        "from twohats.service.records.models import UrgentAlert, User\n"
        "from twohats.words.live import Told; from twohats.words.situation import Situation\n"
        "now, sender = timezone.now(), senders.make_sender(name='registration', way='token')[0]\n"
        "told = Told(now - timedelta(minutes=2), 'wait', Situation(zone='waiting'), 'Encounter/e7', 'north-clinic',\n"
        "            frozenset({'phone', 'address'}), frozenset({'emergency_contact'}))\n"
        "live.take(event=live.Event('adt-1', 'patient', 'Patient/ben', told, now, {}), sender=sender, now=now)\n"
        "eve = User.objects.get(username='eve')\n"
        "call = alerts.call_nurse(person=int(sys.argv[2]), unit='north-clinic', by=eve)\n"
        "then = now - timedelta(days=3)\n"
        "UrgentAlert.objects.filter(pk=call.pk).update(found_at=then, due_at=then + alerts.NURSE_SOON)\n")
    subprocess.run([sys.executable, "-c", script, str(home), str(ANA)], cwd=REPOSITORY, check=True)


def ask(home) -> None:
    """Three people were asked; Ana's form waits, Ben's is a short one, Omar's was sent and what was said is dealt with.

    The days lie far back, so that no minute that passes between two looks is seen on a page.
    """
    script = (
        "import sys; from datetime import date, datetime, timedelta, UTC; from pathlib import Path\n"
        "from twohats.service import starting\n"
        "starting.begin(Path(sys.argv[1]))\n"
        "from twohats.service.actions import answering, asking, cases, links\n"
        "from twohats.service.records.models import Link, RecoveryCase, SurveyRequest, User\n"
        "by, then = User.objects.get(username='carla'), datetime(2026, 1, 5, 15, tzinfo=UTC)\n"
        "later, made = datetime(2099, 1, 1, tzinfo=UTC), []\n"
        "for token, person, form in zip(sys.argv[2:5], sys.argv[5:8], ('your_care', 'one_tap', 'getting_care')):\n"
        "    made.append(SurveyRequest.objects.create(person=int(person), form=form, visit=1, unit='north-ed', by=by,\n"
        "                language='en', made_at=then, answer_by=later))\n"
        "    Link.objects.create(digest=links.digest_of(token), purpose='survey', person=int(person), language='en',\n"
        "                        about=str(made[-1].pk), made_at=then, expires_at=later)\n"
        "Link.objects.create(digest=links.digest_of(sys.argv[8]), purpose='choices', person=int(sys.argv[5]),\n"
        "                    language='en', made_at=then, expires_at=later)\n"
        "ana, _ben, omar = made\n"
        "say = lambda one, **told: answering.keep(request=one, language='en', now=then, **told)\n"
        "say(ana, question='satisfaction', value='25')\n"
        "say(ana, question='words', words='12345', quote='staff')\n"
        "say(omar, question='effort', value='7'); say(omar, question='words', words='12345')\n"
        "answering.finish(request=omar, now=then)\n"
        "RecoveryCase.objects.update(owner=by)\n"
        "for case in RecoveryCase.objects.order_by('pk'):\n"
        "    cases.decide_grievance(case=case, yes=True, by=by, now=then)\n"
        "cases.end(case=case, outcome='solved', note='1', said='12345', by=by, now=then)\n"
        "cases.answer_grievance(case=case, contact_person='12345', steps_taken='12345', results='12345',\n"
        "                       completed_on=date(2026, 1, 5), by=by, now=then)\n"
        "asking.add_supplemental(survey='pulse', item='effort', by=by, now=then)\n")
    subprocess.run([sys.executable, "-c", script, str(home), FORM, SHORT, SENT, str(ANA), str(BEN), str(OMAR), CHOICES],
                   cwd=REPOSITORY, check=True)


@pytest.fixture(scope="module")
def browser(chromium):
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(walks.FLAGS))
        yield opened
        opened.close()


def opened(browser, site, name, **how):
    who, _path = PAGES[name]
    return walks.reader(browser, site, who, **how)


@pytest.mark.parametrize(("name", "language"), [
    *((name, "en-US") for name in PAGES), *((name, "es-MX") for name in ("overview", "journey", "card", "log in"))])
def test_a_page_is_whole_and_reaches_nobody(browser, site, name, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, site, name, locale=language) as (page, watched):
        assert page.goto(site + PAGES[name][1]).status == STATUS.get(name, 200)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        found = [(one["id"], [node["target"] for node in one["nodes"]])
                 for one in axe.run(page).response["violations"]]
        answered = f"the server responded with a status of {STATUS.get(name)} "
        errors = [told for told in watched.errors if answered not in told]
        assert (found, watched.elsewhere, errors) == ([], [], [])
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == language[:2]


STICKING_OUT = """() => {
    const edge = document.querySelector('main').getBoundingClientRect().right + 1;
    return [...document.querySelectorAll('main *')]
        .filter(one => !one.closest('.table-holder, svg, .visually-hidden') && one.getClientRects().length)
        .filter(one => one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 80));
}"""


@every_page
@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_a_page_fits_a_phone_and_a_screen_magnified_to_twice_its_size(browser, site, name, language):
    with opened(browser, site, name, locale=language) as (page, _watched):
        page.goto(site + PAGES[name][1])
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        for width in (320, 390, 640, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert (page.evaluate("document.documentElement.scrollWidth") <= width, width) == (True, width)
            assert (page.evaluate(STICKING_OUT), width) == ([], width)


WORDS = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), words = [];
    while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim(), held = walk.currentNode.parentElement;
        if (/[A-Za-z]{2}/.test(text) && !held.closest('code, script, [translate=no], [lang=en], [lang=es]'))
            words.push(text);
    }
    for (const one of document.querySelectorAll('[aria-label], [title]'))
        words.push(one.getAttribute('aria-label') || one.getAttribute('title'));
    return [...words, document.title];
}"""
NAMES = re.compile(
    r"twohats|Ana|Ben|Carla|Eve|Nora|Frank|Alex|Gus|Paul|Rita|Omar|Alvarez|Haddad|Dr\. Diaz|alex|carla|diaz|eve|frank|"
    r"gus|nora|paul|rita|Riverside|North|South|North clinic|North emergency|Front desk|P7|"
    r"CSV|Parquet|FHIR|UTC|Patient\.ndjson|[0-9a-f]{16}|[a-z_]+:[a-z_]+|2026-11-23-drawn|"
    r"[0-9a-z.:/]+/[^ ]*|min|portal|Triage|error")
"""What is the same in both languages: names of people, units, files and products, and what is an address or an id."""


@every_page
def test_a_spanish_page_holds_no_text_of_the_english_one(browser, site, name):
    told = {}
    for language in ("en-US", "es-MX"):
        with opened(browser, site, name, locale=language) as (page, _watched):
            page.goto(site + PAGES[name][1])
            told[language] = set(page.evaluate(WORDS))
    same = {text for text in told["en-US"] & told["es-MX"]
            if re.search("[A-Za-z]{2}", NAMES.sub("", text))}
    assert same == set()


SEALED_UP_TO = re.compile(r"Sealed up to event [\d,]+ at .+? UTC")
"""How far the worker has sealed the events, which can move between two looks at the page."""


def said_by(page) -> str:
    """The page's own words, but for how far the events are sealed."""
    return SEALED_UP_TO.sub("Sealed", page.locator("main").inner_text())


@every_page
def test_a_page_is_whole_without_javascript(browser, site, name):
    with opened(browser, site, name) as (page, _watched):
        page.goto(site + PAGES[name][1])
        with_it = said_by(page)
    with opened(browser, site, name, java_script_enabled=False) as (page, _watched):
        page.goto(site + PAGES[name][1])
        assert said_by(page) == with_it


GROUPS = "new Set([...document.querySelectorAll('input[type=radio]')].map(one => one.name)).size"
"""Of a group of radio buttons one is reached by Tab, the others from it by arrows."""


@every_page
def test_everything_focusable_can_be_reached_and_seen_by_keyboard(browser, site, name):
    with opened(browser, site, name) as (page, _watched):
        page.goto(site + PAGES[name][1])
        focusable = page.locator(
            "a[href]:visible, button:visible, select:visible, input:not([type=hidden], [type=radio]):visible, "
            "textarea:visible, summary:visible").count() + page.evaluate(GROUPS)
        first = page.locator("a[href], button, select, input:not([type=hidden]), textarea, summary").first
        assert first.get_attribute("class") == "skip"
        first.focus()  # from the top, also where a page begins with the cursor in its first field
        without_outline, seen = [], 1
        for _ in range(focusable + 10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            seen += 1
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            if outline != "3px":
                without_outline.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        assert without_outline == []
        assert seen >= focusable


@every_page
def test_print_has_no_navigation_and_opens_what_is_folded(browser, site, name):
    with opened(browser, site, name) as (page, _watched):
        page.goto(site + PAGES[name][1])
        page.emulate_media(media="print")
        shown = [part for part in (".head nav", ".whoami", ".filters", ".breadcrumb")
                 if page.locator(part).count() and page.locator(part).first.is_visible()]
        assert shown == []
        for index in range(min(page.locator("details > :not(summary)").count(), 5)):
            box = page.locator("details > :not(summary)").nth(index).bounding_box()
            hidden = page.locator("details > :not(summary)").nth(index).evaluate("one => !!one.closest('.not-printed')")
            assert hidden or (box and box["height"] > 10)
        if PAGES[name][0]:  # who is not logged in has nothing to print
            assert page.locator(".print-only").inner_text().startswith(site)


def test_both_hats_stand_side_by_side_with_the_same_width_and_their_lines_level(browser, site):
    with walks.reader(browser, site, "frank") as (page, _watched):
        page.goto(f"{site}/overview/")
        pairs = zip(*(page.locator(f".side.{hat}").all() for hat in ("patient", "customer")), strict=True)
        level = 0
        for patient, customer in pairs:
            left, right = patient.bounding_box(), customer.bounding_box()
            assert (left["width"], left["height"], left["y"]) == (right["width"], right["height"], right["y"])
            tops = [[one.bounding_box()["y"] for one in side.locator(".fact").all()] for side in (patient, customer)]
            assert tops[0] == tops[1]
            level += len(tops[0])
        assert level == 5 + 3  # what happened, what people say


def test_on_a_phone_both_hats_are_named_on_the_first_screen(browser, site):
    with walks.reader(browser, site, "frank", viewport={"width": 390, "height": 844}) as (page, _watched):
        page.goto(f"{site}/overview/")
        boxes = [one.bounding_box() for one in page.locator(".glance li").all()]
        assert len({box["height"] for box in boxes}) == 1
        assert max(box["y"] + box["height"] for box in boxes) <= 844


def test_the_card_is_read_without_scrolling_on_a_phone(browser, site):
    with walks.reader(browser, site, "eve", viewport={"width": 390, "height": 664}) as (page, _watched):
        page.goto(f"{site}/desk/{BEN}/")
        lines = page.locator(".desk-lines").bounding_box()
        assert lines["y"] + lines["height"] <= 664
        assert page.locator(".desk-lines > div").count() == 7  # two of them told by a live event


def test_eve_overrules_a_hat_with_the_keyboard_alone(browser, site):
    with walks.reader(browser, site, "eve") as (page, watched):
        page.goto(f"{site}/desk/")
        page.locator(".desk-people a", has_text="Ben").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/desk/{BEN}/")
        page.locator("button", has_text="both at once").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Thank you. The card now says so.").wait_for()
        assert "take time" in page.locator(".desk-lines").inner_text()
        assert watched.errors == []


def test_ben_answers_by_his_link_with_the_keyboard_alone_without_javascript(browser, site):
    with walks.reader(browser, site, None, java_script_enabled=False, viewport={"width": 375, "height": 700}) as (
            page, watched):
        page.goto(f"{site}/say/{SHORT}/")
        page.get_by_role("button", name="1: hardly any").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/say/{SHORT}/2/")
        page.get_by_role("button", name="Español").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Gracias, eso es todo lo que preguntamos.").wait_for()
        assert (page.url, watched.errors) == (f"{site}/say/{SHORT}/2/", [])


def test_ana_keeps_her_choices_by_her_link_in_a_real_browser(browser, site):
    with walks.reader(browser, site, None) as (page, watched):
        page.goto(f"{site}/reach/{CHOICES}/")
        page.locator("button.main").click()
        page.wait_for_url(f"{site}/reach/{CHOICES}/?kept=1")
        assert watched.errors == []


def test_carla_takes_an_urgent_comment_on_and_ends_it_with_the_keyboard_alone(browser, site):
    with walks.reader(browser, site, "carla", viewport={"width": 390, "height": 844}) as (page, watched):
        page.goto(f"{site}/alerts/")
        page.get_by_role("button", name="I am on it : urgent comment").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/alerts/1/")
        assert page.locator("mark").inner_text() == "and I want to end it all"
        assert page.locator("mark").evaluate("one => getComputedStyle(one).color") == "rgb(179, 38, 30)"
        page.locator("#id_outcome").focus()
        page.keyboard.type("somebody")
        page.keyboard.press("Tab")
        page.keyboard.type("called at once")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/alerts/")
        assert "somebody spoke with the person" in page.locator("main").inner_text()
        assert watched.errors == []


def test_nora_says_with_the_keyboard_alone_from_when_the_process_is_another_one(browser, site):
    with walks.reader(browser, site, "nora", java_script_enabled=False) as (page, _watched):
        page.goto(f"{site}/measures/no_show/?unit=system")
        page.get_by_role("link", name="Say that the process is another one").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/write/rebase?unit=system")
        page.locator("#id_month").focus()
        page.keyboard.type("Sep")
        page.keyboard.press("Tab")
        page.keyboard.type("why  ")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#id_reason_error").inner_text() == "Some words are needed: 5 to 300 characters."
        assert page.evaluate("document.activeElement.id") == "id_reason"
        page.keyboard.press("ControlOrMeta+End")
        page.keyboard.type(" not: a new desk")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/measures/no_show/?unit=system#written")
        assert page.get_by_role("status").inner_text().startswith("Kept.")
        assert "Another process since September 2026. why not: a new desk" in page.locator(".marks").inner_text()
        page.get_by_role("button", name="Withdraw").focus()
        page.keyboard.press("Enter")
        # The answer bears the same address, so only its words tell that it is there.
        page.locator(".marks", has_text="Withdrawn: Nora").wait_for()


def test_rita_reads_a_clause_with_one_key_a_label(browser, site):
    with walks.reader(browser, site, "rita") as (page, watched):
        in_the_form = "document.activeElement.id == 'key-p'"  # a browser moves there with its first picture of the page
        page.goto(f"{site}/readings/unsure/{UNSURE}/")
        page.wait_for_function(in_the_form)
        for key, asked in (("c", "about_hat"), ("i", "touchpoint"), ("-", "sentiment"), ("s", "speaker")):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.name") == asked
        chosen = "[...document.querySelectorAll('input:checked')].map(one => one.value)"
        assert page.evaluate(chosen) == ["customer", "transport_parking_location", "-1", "patient"]
        page.keyboard.press("p")
        page.keyboard.press("=")
        assert page.evaluate(chosen) == ["customer", "billing_insurance", "-1", "patient"]
        page.locator("summary", has_text="A note").click()
        page.locator("#note").focus()
        page.keyboard.type("p f =")
        assert page.locator("#note").input_value() == "p f ="
        assert page.evaluate(chosen) == ["customer", "billing_insurance", "-1", "patient"]
        page.locator("#key-c").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/readings/unsure/")
        page.goto(f"{site}/readings/random/")
        assert page.url != f"{site}/readings/random/{UNSURE}/"  # what Rita read is not drawn for her again
        page.wait_for_function(in_the_form)
        page.keyboard.press("Backspace")
        page.wait_for_url(f"{site}/readings/random/{UNSURE}/")
        assert page.evaluate(chosen) == ["customer", "billing_insurance", "-1", "patient"]
        assert watched.errors == []


def test_without_javascript_a_clause_is_read_by_radio_buttons(browser, site):
    with walks.reader(browser, site, "rita", java_script_enabled=False) as (page, _watched):
        page.goto(f"{site}/readings/random/")
        for label in ("#key-p", "#key-1", "#key-plus", "#key-s"):
            page.locator(label).check()
        page.get_by_role("button", name="Save, and go to the next").click()
        page.wait_for_load_state()
        assert page.locator("h1").inner_text() in ("What do these words say?", "Nothing waits for you here")


def test_carla_finds_ana_and_opens_a_reason_with_the_keyboard_alone(browser, site):
    with walks.reader(browser, site, "carla") as (page, _watched):
        page.goto(f"{site}/people/")
        page.locator("#id").focus()
        page.keyboard.type("ana")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/people/{ANA}/")
        page.locator(".moment summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator(".moment dl").first.is_visible()


def test_frank_changes_the_language_and_stays_on_his_page(browser, site):
    with walks.reader(browser, site, "frank") as (page, _watched):
        page.goto(f"{site}/overview/?unit=north&month=2026-10")
        page.get_by_role("button", name="Español").click()
        page.wait_for_load_state()
        assert page.url == f"{site}/overview/?unit=north&month=2026-10"
        assert page.locator("h1").inner_text() == "¿Cómo nos encontraron las personas, como pacientes y como clientes?"


def test_the_hats_are_told_apart_in_greyscale(browser, site):
    with walks.reader(browser, site, "carla") as (page, _watched):
        page.goto(f"{site}/people/{ANA}/")
        fills = page.evaluate(
            "[...document.querySelectorAll('.wide-only rect[rx]')].map(one => one.getAttribute('fill'))")
        light = {fill: _lightness(fill) for fill in fills if fill.startswith("#")}
        assert light["#D4932B"] - light["#0A5F66"] >= 25


def _lightness(colour: str) -> float:
    red, green, blue = (int(colour[at:at + 2], 16) / 2.55 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

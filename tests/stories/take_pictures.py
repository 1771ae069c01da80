"""Takes the README's pictures anew from a demo home: python -m tests.stories.take_pictures --home home-demo

Real pages in a real browser. Whose journey and card are shown follows from the release alone, so that the same
demo hospital gives the same pictures.
"""

import argparse
import sqlite3
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import REPOSITORY
from tests.stories.browser import FLAGS, reader, served
from twohats.store.home import Home
from twohats.store.register import current_id

PICTURES = REPOSITORY / "docs" / "pictures"
LARGEST = 300_000
JOURNEY = """
    SELECT person FROM interactions JOIN visits USING (person, visit)
    WHERE class_code = 'EMER' GROUP BY person, visit
    HAVING count(DISTINCT hat) >= 3 AND sum(act LIKE 'wait%') > 0 AND sum(act = 'papers') > 0
        AND (SELECT count(*) FROM interactions AS every WHERE every.person = interactions.person) BETWEEN 20 AND 32
        AND NOT EXISTS (
            SELECT 1 FROM interactions AS every WHERE every.person = interactions.person AND every.sensitive <> '')
    ORDER BY count(DISTINCT act) DESC, person LIMIT 1"""
CARD = """
    SELECT person FROM desk WHERE arrived_at IS NOT NULL
    ORDER BY interpreter + hearing + wheelchair + (companion IS NOT NULL) + 2 * vulnerable DESC,
        left_at IS NOT NULL, person
    LIMIT 1"""


def main() -> int:
    """Writes overview, journey and front-desk card to docs/pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("home-demo"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    journey, card = chosen(Home(args.home))
    wide, phone = {"width": 1200, "height": 1000}, {"width": 390, "height": 700}
    with served(args.home) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.chromium, args=list(FLAGS))
        for name, who, path, size in (
            ("overview", "frank", "/overview/", {**wide, "height": 1430}),
            ("journey", "diaz", f"/people/{journey}/", {**wide, "height": 1720}),
            ("desk", "eve", f"/desk/{card}/", phone),
        ):
            with reader(browser, site, who, viewport=size) as (page, _watched):
                page.goto(site + path)
                page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()
    return too_large()


def chosen(home: Home) -> tuple[int, int]:
    """Whose journey and whose card: people in whose day much of what the pages tell happened."""
    release = sqlite3.connect(home.releases / (current_id(home) or "") / "pages.sqlite")
    try:
        return release.execute(JOURNEY).fetchone()[0], release.execute(CARD).fetchone()[0]
    finally:
        release.close()


def too_large() -> int:
    """1 where a picture is too large for a README."""
    large = [file.name for file in PICTURES.glob("*.png") if file.stat().st_size > LARGEST]
    sys.stdout.write(f"too large: {large}\n" if large else f"{len(list(PICTURES.glob('*.png')))} pictures\n")
    return bool(large)


if __name__ == "__main__":
    sys.exit(main())

"""The page about the demo hospital names every argument with its default."""

from dataclasses import MISSING, fields

from tests.conftest import REPOSITORY
from tests.unit.demo_files import AS_OF
from twohats.demo.hospital import Hospital
from twohats.demo.plan import Plan

PAGE = (REPOSITORY / "docs" / "facts" / "demo-hospital.md").read_text()


def test_every_argument_is_on_the_page_with_its_default():
    rows = [
        f"| `--{one.name.replace('_', '-')}` | {one.default} | {one.metadata['says']} |"
        for one in fields(Plan)
        if one.default is not MISSING
    ]
    assert [row for row in rows if row not in PAGE] == []


def test_every_site_is_on_the_page():
    assert [site.key for site in Hospital(Plan(as_of=AS_OF)).sites if f"| {site.key} |" not in PAGE] == []

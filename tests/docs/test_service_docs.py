"""What the docs say of policy and settings is what the code does."""

import re

from tests.conftest import REPOSITORY
from twohats.service import printed
from twohats.service.configuration import SETTINGS


def test_the_printed_pages_are_those_of_the_code():
    differing = [name for name, page in printed.PAGES.items()
                 if (REPOSITORY / "docs" / "facts" / name).read_text() != page()]
    assert differing == []


def test_every_setting_that_code_reads_is_declared():
    read = {name for path in (REPOSITORY / "twohats" / "service").rglob("*.py")
            for name in re.findall(r'"(TWOHATS_[A-Z_]+)"', path.read_text())}
    assert read - {setting.name for setting in SETTINGS} == set()


def test_every_test_that_security_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)`", (REPOSITORY / "SECURITY.md").read_text())
    assert named != []
    assert [name for name in named if not (REPOSITORY / name).exists()] == []

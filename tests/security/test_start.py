"""The site refuses to start with what would not be safe, and keeps its key to itself."""

from pathlib import Path

import pytest

from twohats.service import configuration
from twohats.service.commands import serve
from twohats.words.problems import Problem

GOOD_KEY = "kJ8-3nQz_vB5tYw7RxLp2MdSf6HgAc9UeTi4OoXb1WqZrNyEjP0"

MAIL = {"TWOHATS_MAIL_HOST": "mail.hospital.example", "TWOHATS_MAIL_FROM": "twohats@hospital.example"}


def refused(home: Path, **environ: str) -> list[str]:
    return [problem.where for problem in configuration.refusals(configuration.read(
        {"TWOHATS_HOME": str(home), **environ}))]


@pytest.mark.parametrize(("environ", "where"), [
    ({}, []),
    ({"TWOHATS_SECRET_KEY": GOOD_KEY, "TWOHATS_SECURE": "1", "TWOHATS_HOSTS": "twohats.example"}, []),
    ({"TWOHATS_DEBUG": "1"}, ["TWOHATS_DEBUG"]),
    ({"TWOHATS_SECRET_KEY": "change me"}, ["TWOHATS_SECRET_KEY"]),
    ({"TWOHATS_SECRET_KEY": "a" * 80}, ["TWOHATS_SECRET_KEY"]),
    ({"TWOHATS_HOSTS": "twohats.example"}, ["TWOHATS_HOSTS"]),
    ({"TWOHATS_LANGUAGE": "fr"}, ["TWOHATS_LANGUAGE"]),
    ({"TWOHATS_WEB_PROCESSES": "many"}, ["TWOHATS_WEB_PROCESSES"]),
    ({"TWOHATS_DATABASE_URL": "mysql://x/y"}, ["TWOHATS_DATABASE_URL"]),
    ({"TWOHATS_SITE": "twohats.example"}, ["TWOHATS_SITE"]),
    (MAIL, []),
    (MAIL | {"TWOHATS_MAIL_FROM": ""}, ["TWOHATS_MAIL_FROM"]),
    (MAIL | {"TWOHATS_MAIL_PORT": "smtp"}, ["TWOHATS_MAIL_PORT"]),
    (MAIL | {"TWOHATS_MAIL_SECURITY": "ssl"}, ["TWOHATS_MAIL_SECURITY"]),
    (MAIL | {"TWOHATS_MAIL_SECURITY": "none"}, []),
    (MAIL | {"TWOHATS_MAIL_SECURITY": "none", "TWOHATS_MAIL_USER": "carrier"}, ["TWOHATS_MAIL_SECURITY"]),
])
def test_a_real_home_starts_with_nothing_unsafe(tmp_path, environ, where):
    assert refused(tmp_path, **environ) == where


def test_a_demo_home_may_show_errors_and_stays_on_its_machine(tmp_path):
    (tmp_path / "demo.json").write_text("{}")
    assert refused(tmp_path, TWOHATS_DEBUG="1") == []
    assert refused(tmp_path, TWOHATS_SECURE="1", TWOHATS_HOSTS="twohats.example") == ["TWOHATS_HOSTS"]


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    configuration.make_key(tmp_path)
    key = configuration.key_in(tmp_path)
    configuration.make_key(tmp_path)
    assert configuration.key_in(tmp_path) == key
    assert len(key) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert configuration.read({"TWOHATS_HOME": str(tmp_path)}).secret_key == key


@pytest.mark.parametrize(("environ", "site"), [
    ({}, "http://127.0.0.1:8000"), ({"TWOHATS_HOSTS": "a.example, b.example"}, "https://a.example"),
    ({"TWOHATS_HOSTS": "a.example", "TWOHATS_SITE": "https://c.example/"}, "https://c.example")])
def test_links_in_mails_lead_to_the_site(environ, site):
    assert configuration.read(environ).site == site


def test_reading_the_settings_writes_nothing(tmp_path):
    configuration.read({"TWOHATS_HOME": str(tmp_path / "home")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("address", "demo", "users", "where"), [
    ("0.0.0.0", False, False, "--address"), ("10.1.2.3", True, False, "--address"),
    ("127.0.0.1", False, True, "--demo-users")])
def test_serving_refuses_what_would_not_be_safe(tmp_path, monkeypatch, address, demo, users, where):
    monkeypatch.delenv("TWOHATS_SECURE", raising=False)
    if demo:
        (tmp_path / "demo.json").write_text("{}")
    with pytest.raises(Problem) as refusal:
        serve.prepare(tmp_path, address, users)
    assert refusal.value.where == where

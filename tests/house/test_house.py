"""The house stays easy to live in: imports run one way, every room says its one line, locks hold no address."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from twohats.__main__ import VERBS

PACKAGE = REPOSITORY / "twohats"
BIN = Path(sys.executable).parent


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    return [REPOSITORY / name for name in listing.stdout.decode().split("\0") if name]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_imports_run_one_way():
    result = run(str(BIN / "lint-imports"), "--no-cache")
    assert result.returncode == 0, result.stdout + result.stderr


def test_ruff_finds_nothing():
    result = run(str(BIN / "ruff"), "check", "--no-cache", "twohats", "tests", "benchmarks")
    assert result.returncode == 0, result.stdout


def test_what_others_call_is_typed(tmp_path: Path):
    result = run(str(BIN / "mypy"), "--cache-dir", str(tmp_path))
    assert result.returncode == 0, result.stdout


def test_every_folder_of_code_says_its_one_line():
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - set(PACKAGE.rglob("migrations"))
    silent = [str(folder.relative_to(REPOSITORY)) for folder in sorted(folders) if not one_line_of(folder)]
    assert silent == []


def one_line_of(folder: Path) -> str | None:
    opening = folder / "__init__.py"
    return ast.get_docstring(ast.parse(opening.read_text())) if opening.exists() else None


def test_no_folder_is_a_junk_drawer():
    names = {path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert names & {"utils", "util", "common", "helpers", "misc", "lib"} == set()


@pytest.mark.parametrize("lock", sorted(path.name for path in REPOSITORY.glob("requirements*.txt")))
def test_the_lock_holds_hashes_and_no_address(lock: str):
    text = (REPOSITORY / lock).read_text()
    assert "--hash=sha256:" in text
    assert re.findall(r"https?://", text) == []


def test_every_verb_can_be_asked_for_help():
    failed = {}
    for verb in VERBS:
        result = run(sys.executable, "-m", "twohats", verb.name, "--help")
        if result.returncode != 0 or verb.does.split(",")[0][:20] not in result.stdout.replace("\n", " "):
            failed[verb.name] = result.stderr
    assert failed == {}


def test_every_verb_is_named_in_the_docs():
    docs = "\n".join(path.read_text() for path in (REPOSITORY / "docs").rglob("*.md"))
    assert [verb.name for verb in VERBS if f"twohats {verb.name}" not in docs] == []


def test_no_path_of_a_machine_and_no_registry_in_what_we_publish():
    machine = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|opt/pypi)/")
    hosts = re.compile("|".join(["py" + "pi[.]org", "python" + "hosted[.]", "registry[.]np" + "mjs"]))
    found = []
    for path in tracked_files():
        if path.suffix in {".png", ".mo", ".parquet", ".npz"} or not path.exists():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if machine.search(line) or hosts.search(line):
                found.append(f"{path.relative_to(REPOSITORY)}:{number}")
    assert found == []


def test_relative_links_in_the_docs_lead_somewhere():
    broken = []
    for page in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(REPOSITORY)} -> {target}")
    assert broken == []

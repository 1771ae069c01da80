"""Names as hospitals use them are first understood the same way by Python and by the build."""

import tomllib
from pathlib import Path

import duckdb
import pytest

from twohats.analysis.journeys.asked_sql import asked_in
from twohats.words.acts import acts
from twohats.words.cues import Role, Zone
from twohats.words.seeds import act_of, asked_of, plain, role_of, seeds, zone_of

DRAWN = tomllib.loads((Path(__file__).parent.parent / "spec" / "names.toml").read_text("utf-8"))
"""zone, role or act -> what it should mean (or nothing) -> names as hospitals write them."""
OLDER = {
    "zone": {
        "waiting": ["Emergency Waiting Room", "Sala de espera de urgencias"], "treatment": ["Emergency"],
        "ward": ["Ward 1, Room 42, Bed 1"], "nothing": [""],
    },
    "role": {"clerical": ["Front Desk"], "clinical": ["Surgeon", "Attending physician"]},
    "act": {"ask_can_manage": ["Able to manage at home asked"]},
}
MEANING_OF = {"zone": zone_of, "role": role_of, "act": act_of, "asked": asked_of}
KINDS = tuple(MEANING_OF)
NAMES = [
    (kind, meaning, name)
    for drawn in (DRAWN, OLDER) for kind in drawn for meaning, names in drawn[kind].items() for name in names
]


@pytest.mark.parametrize(("kind", "meaning", "name"), NAMES)
def test_a_name_is_understood_as_somebody_who_works_there_would(kind, meaning, name):
    assert MEANING_OF[kind](name) == (None if meaning == "nothing" else meaning)


def test_the_drawn_names_are_many_and_none_is_drawn_twice():
    drawn = {kind: [name for names in DRAWN[kind].values() for name in names] for kind in KINDS}
    assert {kind: len(names) - len(set(names)) for kind, names in drawn.items()} == dict.fromkeys(KINDS, 0)
    assert {kind: len(names) >= 50 for kind, names in drawn.items()} == dict.fromkeys(KINDS, True)
    assert len(drawn["zone"]) + len(drawn["role"]) >= 400


def test_every_zone_and_role_that_names_can_tell_is_drawn():
    told = {kind: {seed.means for seed in seeds(kind)} for kind in ("zone", "role")}
    assert {kind: means - set(DRAWN[kind]) for kind, means in told.items()} == {"zone": set(), "role": set()}


def test_no_name_tells_nothing():
    assert [meaning_of(None) for meaning_of in MEANING_OF.values()] == [None] * len(KINDS)


def test_every_seed_means_a_word_we_know():
    known = {"zone": set(Zone), "role": set(Role), "act": {act.key for act in acts()}}
    known["asked"] = known["act"]
    assert {kind: {seed.means for seed in seeds(kind)} - words for kind, words in known.items()} == {
        "zone": set(), "role": set(), "act": set(), "asked": set(),
    }


@pytest.mark.parametrize("kind", ["zone", "role", "act"])
def test_python_and_the_build_read_the_patterns_alike(kind):
    arms = " ".join("when regexp_matches(name, ?) and not regexp_matches(name, ?) then ?" for _ in seeds(kind))
    never = "a^"
    patterns = [part for seed in seeds(kind) for part in (seed.pattern, seed.unless or never, seed.means)]
    names = [name for of_kind, _, name in NAMES if of_kind == kind]
    found = [
        duckdb.execute(f"select case {arms} end from (select ? as name)", [*patterns, plain(name)]).fetchone()[0]
        for name in names
    ]
    assert found == [MEANING_OF[kind](name) for name in names]


def test_the_build_reads_what_is_asked_as_we_do():
    texts = [name for kind, _, name in NAMES if kind == "asked"]
    texts += [text.upper() for text in texts] + [f"  {text}\n_{text}’s" for text in texts]
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("create table texts (resource varchar, words varchar)")
    connection.executemany("insert into texts values (?, ?)", [(str(n), text) for n, text in enumerate(texts)])
    found = {int(key): act for key, act in connection.execute(asked_in("from texts")).fetchall()}
    assert found == {n: act for n, text in enumerate(texts) if (act := asked_of(text))}

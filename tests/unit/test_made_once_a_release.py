"""What is made of a release is made once, however many ask at the same moment, and anew for the next release."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

from twohats.service.releases import once_a_release

MANY = 8


def test_many_who_ask_at_once_get_the_same_made_once():
    made, together = [], Barrier(MANY)

    @once_a_release
    def sums(reader) -> list[str]:
        made.append(reader.id)
        return [reader.id]

    def ask(_number: int) -> list[str]:
        together.wait()
        return sums(SimpleNamespace(id="r1"))

    with ThreadPoolExecutor(MANY) as pool:
        found = list(pool.map(ask, range(MANY)))
    assert made == ["r1"]
    assert all(one is found[0] for one in found)
    assert sums(SimpleNamespace(id="r2")) == ["r2"]
    assert sums(SimpleNamespace(id="r2")) == ["r2"]
    assert made == ["r1", "r2"]


def test_what_could_not_be_made_is_tried_again():
    tries = []

    @once_a_release
    def sums(reader) -> str:
        tries.append(reader.id)
        if len(tries) == 1:
            raise OSError("the file is not there yet")
        return reader.id

    for _ in range(2):
        try:
            told = sums(SimpleNamespace(id="r1"))
        except OSError:
            told = None
    assert (told, tries) == ("r1", ["r1", "r1"])

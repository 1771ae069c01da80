"""What the urgent model weighs in a text: words and their pieces, neighbours, families near each other, vectors."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .reading import shipped_folder
from .wording import english_of, is_spanish, words_of

SPARSE = 1 << 17
MASK = SPARSE - 1
VECTOR = 256
DENSE = 2 * VECTOR
MOST_WORDS = 150
NEAR = 6
"""Families count as near each other within so many words."""
SHORTEST_STEM = 2
Floats = NDArray[np.float32]


@cache
def _families() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Families by whole word, and by stem (words written with a star)."""
    told = tomllib.loads(files("twohats.analysis.voices").joinpath("concerns.toml").read_text("utf-8"))["family"]
    whole: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    for name, words in told.items():
        for word in words.split():
            kept = stems if word.endswith("*") else whole
            kept[word.rstrip("*")] = (*kept.get(word.rstrip("*"), ()), name)
    return whole, stems


@lru_cache(maxsize=1 << 16)
def families_of(word: str) -> tuple[str, ...]:
    """The families a word belongs to, in order of their names."""
    whole, stems = _families()
    plain = word.replace("'", "")
    found = set(whole.get(plain, ()))
    for length in range(SHORTEST_STEM, len(plain) + 1):
        found.update(stems.get(plain[:length], ()))
    return tuple(sorted(found))


@cache
def _vectors() -> tuple[dict[str, int], Floats]:
    with np.load(shipped_folder() / "vectors.npz", allow_pickle=False) as held:
        words = bytes(held["words"]).decode().split("\n")
        vectors = held["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    return {word: number for number, word in enumerate(words)}, vectors


def words_read(text: str) -> tuple[list[str], list[str]]:
    """The words as written and as read (Spanish as English)."""
    written = words_of(text)[:MOST_WORDS]
    return written, [english_of(word) for word in written] if is_spanish(written) else written


@lru_cache(maxsize=1 << 16)
def _key(name: str) -> int:
    return crc32(name.encode())


@lru_cache(maxsize=1 << 16)
def _own(word: str) -> frozenset[int]:
    """The places of a written word's pieces of three to five letters: a slip of the pen leaves most of them."""
    whole = f"<{word}>"
    pieces = (whole[at : at + size] for size in (3, 4, 5) for at in range(len(whole) - size + 1))
    return frozenset(_key(f"c {piece}") & MASK for piece in pieces)


@lru_cache(maxsize=1 << 16)
def _family_keys(word: str) -> tuple[int, ...]:
    return tuple(_key(f"f {family}") for family in families_of(word))


def sparse_of(written: list[str], read: list[str]) -> list[int]:
    """The places of the features that are there, each once, in order.

    Words, neighbours, neighbours over one word, families, a family with the word behind it, and families near each
    other; a place is mixed from the keys of what stands together.
    """
    keys = [_key(word) for word in read]
    told = {key & MASK for key in keys}
    told.update([((one * 0x9E3779B1) ^ other) >> 3 & MASK for one, other in pairwise(keys)])
    told.update([((one * 0x85EBCA6B) ^ other) >> 5 & MASK for one, other in zip(keys, keys[2:], strict=False)])
    families = [_family_keys(word) for word in written]
    for at, here in enumerate(families):
        if not here:
            continue
        near = {family for there in families[at : at + NEAR] for family in there}
        for one in here:
            told.add(one & MASK)
            if at + 1 < len(keys):
                told.add(((one * 0x27D4EB2F) ^ keys[at + 1]) >> 4 & MASK)
            told.update([((one + other) * 0xC2B2AE35 ^ one ^ other) >> 6 & MASK for other in near if other != one])
    return sorted(told.union(*map(_own, written)))


def dense_of(read: list[str]) -> Floats:
    """The mean of the words' vectors, and how far the strongest rise above it."""
    numbers, vectors = _vectors()
    known = [numbers[word] for word in read if word in numbers]
    made = np.zeros(DENSE, np.float32)
    if known:
        chosen = vectors[known]
        made[:VECTOR] = chosen.mean(axis=0)
        made[VECTOR:] = chosen.max(axis=0) - made[:VECTOR]
    return made

"""Keys made from source ids: 63-bit integers, the same in Python and in SQL, stable across rebuilds."""

import hashlib

KEY_BITS = 63

KEY_MACRO = "CREATE OR REPLACE TEMP MACRO key(source) AS (md5_number_lower(source) >> 1)::BIGINT"
"""DuckDB's `key(text)`; a test holds it to the function below."""


def key(source: str) -> int:
    """The key of a source id such as 'Patient/1' or 'visit|Encounter/1'."""
    digest = hashlib.md5(source.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def bucket_of(person: int, buckets: int) -> int:
    """The bucket of a key: its highest bits, so that buckets in order hold keys in order."""
    return person >> (KEY_BITS - bits_of(buckets))


def bits_of(buckets: int) -> int:
    """How many bits tell that many buckets apart; the number of buckets is a power of two."""
    if buckets < 1 or buckets & (buckets - 1):
        raise ValueError(f"the number of buckets must be a power of two, not {buckets}")
    return buckets.bit_length() - 1

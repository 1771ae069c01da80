"""The CMS certification number (CCN) of a hospital: six characters, of which a spreadsheet likes to drop the zeros."""

CHARACTERS = 6


def ccn(written: str) -> str:
    """The number as CMS writes it: 10001 and 010001 are the same hospital in Alabama. What has letters stays."""
    plain = written.strip().upper()
    return plain.zfill(CHARACTERS) if plain.isascii() and plain.isdecimal() else plain

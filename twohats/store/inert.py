"""Words that leave us in a CSV file stay words: no spreadsheet can be made to run them."""

STARTS_A_FORMULA = tuple("=+-@\t\r\n|＝＋－＠｜")


def harmless(text: str) -> str:
    """The text, with a quote before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \ufeff\u00a0").startswith(STARTS_A_FORMULA) else text

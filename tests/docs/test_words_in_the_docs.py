"""The printed pages of docs/facts say what the data say."""

from twohats.words.print_docs import REPOSITORY, pages


def test_the_committed_pages_are_those_the_words_print():
    stale = [str(path.relative_to(REPOSITORY)) for path, text in pages().items() if path.read_text("utf-8") != text]
    assert stale == [], "run: python -m twohats.words.print_docs"

"""Every kind of record about people that is counted has its words on the data-quality page."""

from twohats.service.pages.quality.shares import FEEDS
from twohats.store.dealing import DEALT
from twohats.store.tables.landed import PATIENTS


def test_every_kind_that_is_tied_is_called_by_words_on_the_page():
    assert set(FEEDS) == {table.name for table in DEALT if table is not PATIENTS}

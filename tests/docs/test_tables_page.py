"""The page of tables is what the declarations say."""

from twohats.store.tables.print_docs import PAGE, page


def test_the_page_of_tables_is_printed_from_the_declarations():
    assert PAGE.read_text("utf-8") == page()

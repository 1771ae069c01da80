"""Adjusters are declared once: every one that an instrument names has words, a number that is summed, and its items."""

from twohats.analysis.measures.case_mix.columns import DESCRIBED
from twohats.words.hats import Hat
from twohats.words.instruments import adjusters, instruments
from twohats.words.touchpoints import survey_item


def test_every_adjuster_of_an_instrument_has_words_and_numbers():
    declared = [one.key for one in adjusters()]
    assert declared == list(dict.fromkeys(column.adjuster for column in DESCRIBED))
    assert {key for asked in instruments() for key in asked.adjusters} == set(declared)


def test_items_that_ask_for_an_adjuster_are_of_the_survey_and_in_no_score():
    asks = {(asked.key, adjuster, item) for asked in instruments() for adjuster, item in asked.adjuster_items.items()}
    assert asks == {(f"hcahps_{year}", *which) for year in (2015, 2025)
                    for which in (("own_health", "GHR"), ("schooling", "EDU"))}
    for asked in instruments():
        for adjuster, item in asked.adjuster_items.items():
            assert adjuster in asked.adjusters and item not in asked.scales
            assert survey_item(asked.survey, item).hat is Hat.NONE

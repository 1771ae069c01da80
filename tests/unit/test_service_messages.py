"""Both languages: every text has its Spanish, and the compiled catalogue says what the written one says."""

import gettext
import io
import re

from twohats.service import messages
from twohats.service.messages import Text


def test_every_text_has_its_spanish():
    entries = messages.merged(messages.collected(), messages.read_catalogue(messages.CATALOGUE.read_text()))
    assert messages.untranslated(entries) == []


def test_the_catalogue_is_as_the_command_writes_it():
    entries = messages.merged(messages.collected(), messages.read_catalogue(messages.CATALOGUE.read_text()))
    assert messages.CATALOGUE.read_text() == messages.as_po(entries)
    assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == messages.as_mo(entries)


def test_a_translation_keeps_the_blanks_to_fill_in():
    held = messages.read_catalogue(messages.CATALOGUE.read_text())
    blanks = re.compile(r"%\(\w+\)[sd]")
    entries = messages.merged(messages.collected(), held)
    wrong = []
    for entry in entries:
        known = set(blanks.findall(entry.text.one + entry.text.many))
        said = [set(blanks.findall(form)) for form in entry.spanish]
        if any(one - known for one in said) or not set(blanks.findall(entry.text.one)) <= said[-1]:
            wrong.append(entry.text.one)
    assert wrong == []


def test_texts_are_found_in_a_template():
    source = """{% load i18n %}{# {% translate "not this" %} #}{% comment %}{% translate "nor this" %}{% endcomment %}
    {% translate "A word" %} {% translate 'Another "word"' as w %} <a title="{% translate "50% less" %}">
    {% blocktranslate trimmed with n=people.n %}
        {{ n }} people
        and 5 %
    {% endblocktranslate %}
    {% blocktranslate count number=n %}One{% plural %}{{ number }} of them{% endblocktranslate %}
    {% include "x.html" with title=_("In a tag") %}{{ _("In a value")|upper }}"""
    assert list(messages.texts_in_template(source)) == [
        Text("A word"), Text('Another "word"'), Text("50%% less"), Text("%(n)s people and 5 %%"),
        Text("One", "%(number)s of them"), Text("In a tag"), Text("In a value")]


def test_texts_are_found_in_code():
    source = 'a = _("One")\nb = gettext_lazy("Two " "halves")\nc = ngettext("%(n)s dog", "%(n)s dogs", n)\nd = _(name)'
    assert set(messages.texts_in_code(source)) == {
        Text("One"), Text("Two halves"), Text("%(n)s dog", "%(n)s dogs")}


def test_what_is_compiled_is_read_by_gettext():
    entries = messages.merged(
        {"Ana \"is\" here": messages.Entry(Text('Ana "is" here')), "One": messages.Entry(Text("One", "%(n)s"))},
        {'Ana "is" here': ("Ana está aquí",), "One": ("Una", "%(n)s unas")})
    read = gettext.GNUTranslations(io.BytesIO(messages.as_mo(entries)))
    assert read.gettext('Ana "is" here') == "Ana está aquí"
    assert [read.ngettext("One", "%(n)s", n) for n in (1, 2)] == ["Una", "%(n)s unas"]


def test_an_entry_appended_later_is_merged_in():
    po = 'msgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr "Dos"\n\nmsgid "One"\nmsgstr "Uno"\n'
    po += 'msgid "Three"\nmsgstr "Tres"\n'
    assert messages.read_catalogue(po) == {"One": ("Uno",), "Two": ("Dos",), "Three": ("Tres",)}


def test_what_is_written_is_read_again():
    entries = [messages.Entry(Text('A "quote"\nand a \\ line'), ["x.html"], ("Una «cita»\ny una \\ línea",)),
               messages.Entry(Text("One", "Many"), ["x.html"], ("Uno", "Muchos"))]
    assert messages.read_catalogue(messages.as_po(entries)) == {
        'A "quote"\nand a \\ line': ("Una «cita»\ny una \\ línea",), "One": ("Uno", "Muchos")}

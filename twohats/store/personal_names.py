"""People's names in free text, English and Spanish: known ones, listed ones, and those that stand where a name stands.

A name and hardly anything else (names.txt) is found wherever it stands. A word that is also an ordinary one needs a
capital inside a sentence, a title, or another name beside it. A word that no list knows is a name where it has a
capital inside a sentence, or follows a cue. In a text without lower case, or without capitals, capitals say nothing.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache

from .personal_words import (
    ALWAYS_PEOPLE,
    EPONYMS,
    KIN,
    LETTER_WORDS,
    OF_EPONYMS,
    PARTICLES,
    SURE_DEEDS,
    SURNAMES_AFTER_TITLE,
    TITLES,
    WORD,
    Case,
    Is,
    Word,
    cues,
    misspelt,
    paired_cues,
    pattern_of,
    plain,
)

LONGEST_TIE = 4
"""Particles between two parts of a name ("de los"), or initials before one: no name has more, and time stays"
" linear."""
INTRODUCED_BY = cues("introduced_by")
INTRODUCED_BY_TWO = paired_cues("introduced_by_two")
GREETED = cues("greeted")
GREETED_BY_TWO = paired_cues("greeted_by_two")
SOFT = cues("soft")
MONTHS_AS_NAMES = cues("months_as_names")
BEFORE_A_MONTH = cues("before_a_month")
BEGINS = re.compile(r"[.!?:;\n\r•\"“”«»*|>¡¿…]|(?:^|\s)[-–—~]+\s*$")


class _Reading:
    """One text, word by word, with what was taken for a name so far."""

    def __init__(self, text: str, words: Sequence[Word], known: frozenset[str]) -> None:
        self.text = text
        self.known = known
        self.spans = [match.span() for match in pattern_of(text).finditer(text)]
        self.words = words
        self.taken = [False] * len(self.words)

    @cached_property
    def has_no_capitals(self) -> bool:
        """True where capitals say nothing, or only begin sentences."""
        return not self.capitals_tell or not any(
            one.case & Case.CAPITAL and not one.case & (Case.ALL_CAPITALS | Case.LETTER) and not self.begins(place)
            for place, one in enumerate(self.words)
        )

    @cached_property
    def capitals_tell(self) -> bool:
        """False where most words have a capital, or all are in capitals."""
        longer = [one for one in self.words if one.length > 1 or one.case == Case.LOWER]
        if not longer:
            return False
        capital = sum(
            1
            for one in longer
            if one.case & Case.CAPITAL
            and not one.can_be & (Is.NAME | Is.TITLE | Is.GIVEN | Is.PROPER)
            and not (one.case & Case.ALL_CAPITALS and one.length < 6)
        )
        shouted = sum(1 for one in longer if one.case & Case.ALL_CAPITALS)
        return shouted * 2 <= len(longer) and (len(longer) < 4 or capital * 2 < len(longer))

    def gap(self, place: int) -> str:
        """What stands between a word and the one before it."""
        if not 0 < place < len(self.words):
            return "\n"
        return self.text[self.spans[place - 1][1] : self.spans[place][0]]

    def begins(self, place: int) -> bool:
        """True for the first word of a sentence, a quotation or a line."""
        if place == 0:
            return True
        gap = self.gap(place)
        before = self.words[place - 1]
        if gap.strip() == "." and (
            before.can_be & Is.TITLE or before.case & Case.LETTER or before.plain in _WITH_POINT
        ):
            return False
        return BEGINS.search(gap) is not None

    def close(self, place: int) -> bool:
        """True where only a space, a hyphen or the point of an initial lies before this word."""
        gap = self.gap(place)
        if gap == " ":
            return True
        return gap.strip(" \t\xa0.-_’'") == "" and place > 0 and ("." not in gap or not self.begins(place))

    def at(self, place: int) -> Word:
        """The word there; an empty one outside the text."""
        return self.words[place] if 0 <= place < len(self.words) else _NONE

    def namelike(self, place: int) -> bool:
        """True where a name was taken, or hardly anything but a name stands."""
        return 0 <= place < len(self.words) and (self.taken[place] or bool(self.words[place].can_be & Is.NAME))

    def read(self) -> None:
        """Takes every name, from left to right."""
        before = _NONE
        for place, one in enumerate(self.words):
            if (
                (one.may or self.known or one.plain in _PARTS_OF_NAMES or before.plain in _NAMES_WHATEVER)
                and not self.taken[place]
                and self._may_be_name(place, one)
                and self.is_name(place, one)
            ):
                self.taken[place] = True
                self._take_particles(place)
            before = one
        if True in self.taken:
            self._take_again()

    def _take_again(self) -> None:
        """Takes a name wherever it stands with a capital again, and in lower case where it is no ordinary word."""
        names = {
            one.plain
            for one, taken in zip(self.words, self.taken, strict=True)
            if taken and one.case & Case.CAPITAL and len(one.plain) > 2 and not one.can_be & (Is.CLOSED | Is.PARTICLE)
        }
        for place, one in enumerate(self.words):
            if (
                one.plain in names
                and not self.taken[place]
                and (
                    not one.can_be & Is.ORDINARY
                    or (one.case & Case.CAPITAL and self.capitals_tell and self._stands_alone(place))
                )
            ):
                self.taken[place] = True

    def _stands_alone(self, place: int) -> bool:
        """True inside a sentence, before a sign, and where what follows tells of somebody: "Penny pinchers" is"
        " nobody."""
        return not self.begins(place) or self.gap(place + 1)[:1] not in {" ", "\xa0"} or self._is_told_of(place)

    def _may_be_name(self, place: int, one: Word) -> bool:
        """False where no rule can say yes: it spares nearly every word the rules."""
        if one.may and (one.can_be & Is.NAME or not one.can_be & Is.ORDINARY):
            return True
        if self.known and self._is_known(place):
            return True
        if one.case & Case.LETTER and one.plain in LETTER_WORDS and one.case & Case.CAPITAL:
            follows = self.text[self.spans[place][1] : self.spans[place][1] + 1]
            return (
                follows == "."
                or place + 1 == len(self.words)
                or self.begins(place + 1)
                or (one.plain == "o" and self.at(place - 1).plain == "la")
            )
        before = self.words[place - 1] if place else _NONE
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        if one.plain in _PARTS_OF_NAMES:
            return True
        if not one.may:
            return self._is_called_so(place, one)
        if one.case & Case.CAPITAL:
            return bool(named_so) or place > 0 or bool(one.case & Case.LETTER)
        if (
            one.case
            or (place + 2 >= len(self.words) and self.gap(place).strip(" ") in _DASHES)
            or before.can_be & (Is.TITLE | Is.ROLE | Is.PARTICLE)
            or (place and self.taken[place - 1])
            or before.plain in _CUES
        ):
            return True
        after = self.at(place + 1)
        return bool(named_so) and (
            bool(one.can_be & Is.GIVEN and self.has_no_capitals) or bool(after.can_be & Is.NAME) or after.plain in _AND
        )

    def _take_particles(self, place: int) -> None:
        """Takes "de la" where it ties two parts of one name."""
        back = place
        while place - back < LONGEST_TIE and self.at(back - 1).can_be & Is.PARTICLE and self.close(back) and back > 0:
            back -= 1
        tied = (
            back > 0
            and self.close(back)
            and (
                self.taken[back - 1]
                or self.at(back - 1).can_be & Is.TITLE
                or (self.at(back - 1).can_be & Is.ROLE and self.at(back - 1).plain in _ENGLISH_ROLES)
            )
        )
        if (
            back < place
            and not tied
            and (
                self.at(place - 1).plain in _FOREIGN
                or (self.at(place - 1).case & Case.CAPITAL and self.capitals_tell and not self.begins(place - 1))
            )
        ):
            tied, back = True, max(back, place - 1 - (self.at(place - 2).plain in _FOREIGN))
        if back < place and tied:
            for between in range(back, place):
                self.taken[between] = True

    def is_name(self, place: int, one: Word) -> bool:
        """The rules, the surest first."""
        can_be = one.can_be
        if self._is_known(place) and (
            self._known_stands(place, one)
            or any(self._is_known(beside) and self.close(max(place, beside)) for beside in (place - 1, place + 1))
        ):
            return True
        if self.known and self._is_short_for_known(place, one):
            return True
        if (
            one.plain in _BEFORE_NICKNAMES
            and one.case & Case.CAPITAL
            and self.capitals_tell
            and self.close(place + 1)
            and (self.at(place + 1).can_be & (Is.NAME | Is.GIVEN) and self.at(place + 1).case & Case.CAPITAL)
        ):
            return True
        if (
            one.plain in _SHORTENED
            and one.case & Case.CAPITAL
            and self.at(place + 1).can_be & Is.NAME
            and self.gap(place + 1).startswith(".")
        ):
            return True
        if one.plain in _CLOSED_BUT_GIVEN and one.can_be & Is.CLOSED and self._is_closed_but_given(place, one):
            return True
        if one.plain in _SUFFIXES and place and self.taken[place - 1]:
            return one.case & Case.CAPITAL > 0 and self.gap(place).strip(" ,.") == ""
        if not one.may:
            return self._is_called_so(place, one)
        if can_be & Is.NAME and not self._is_no_person(place, one):
            return True
        if one.case & Case.LETTER:
            return self._is_initial(place, one)
        return (
            self._follows_title(place, one)
            or self._is_introduced(place, one)
            or self._beside_a_name(place, one)
            or (bool(one.case & Case.CAPITAL) and self._has_telling_capital(place, one))
            or self._is_lower_after_cue(place, one)
        )

    def _is_closed_but_given(self, place: int, one: Word) -> bool:
        """ "Ella Fitzwilliam", "for Ti Ahmad": a word like "she" before what is only a name."""
        if not self.close(place + 1):
            return False
        after, before = self.at(place + 1), self.at(place - 1)
        if one.plain == "ti" and one.case & Case.CAPITAL and after.plain in SURE_DEEDS - {"me", "nos"}:
            return True
        named = after.can_be & Is.NAME or not after.can_be & (Is.ORDINARY | Is.PROPER)
        if one.case & Case.CAPITAL and self.capitals_tell and not one.case & Case.ALL_CAPITALS:
            if not self.begins(place) or one.plain in {"ella", "ti"}:
                return bool(named and after.case & Case.CAPITAL and len(after.plain) > 2)
            return False
        return one.plain == "ella" and bool(before.can_be & Is.TITLE and named and self.close(place))

    def _is_known(self, place: int) -> bool:
        key = self.at(place).plain
        return key in self.known or ("-" in key and not self.known.isdisjoint(key.split("-")))

    def _is_short_for_known(self, place: int, one: Word) -> bool:
        """True for the beginning of a known name; of an ordinary word a capital inside a sentence is wanted."""
        if not one.can_be & Is.ORDINARY:
            return one.may and _is_short_for(one.plain, self.known)
        told = one.case == Case.CAPITAL and self.capitals_tell and not self.begins(place)
        return (
            told
            and not one.can_be & (Is.CLOSED | Is.PROPER | Is.TITLE | Is.ROLE)
            and _is_short_for(one.plain, self.known)
        )

    def _known_stands(self, place: int, one: Word) -> bool:
        if not one.can_be & (Is.CLOSED | Is.NOBODY | Is.EVERYDAY | Is.COMMON):
            return True
        capital = one.case & Case.CAPITAL and self.capitals_tell
        if capital and not self.begins(place):
            return not self._is_month(place, one)
        before = self.at(place - 1)
        if capital and self._is_told_of(place):
            return True
        if self.close(place) and (before.can_be & (Is.TITLE | Is.ROLE) or self.namelike(place - 1)):
            return not (one.case == Case.LOWER and before.can_be & Is.ROLE and one.can_be & Is.CLOSED)
        if self.close(place + 1) and self.namelike(place + 1) and (capital or not one.can_be & Is.CLOSED):
            return True
        if one.can_be & Is.CLOSED:
            told = one.plain == "will" and self.at(place + 1).plain in {"from", "at", "in"}
            return told or (bool(capital) and self._is_closed_name(place, one))
        if self._is_introduced(place, one) or self._is_lower_after_cue(place, one):
            return True
        return (
            self.has_no_capitals
            and self._is_told_of(place)
            and self.at(place + 1).plain not in {"de", "del", "la", "el", "that"}
        )

    def _is_no_person(self, place: int, one: Word) -> bool:
        """A disease, a hospital, a ward or a street that bears a name."""
        after = self.at(place + 1)
        if one.plain in EPONYMS and after.plain in OF_EPONYMS:
            return True
        return (
            bool(after.can_be & Is.PLACE)
            and bool(one.case & Case.CAPITAL)
            and bool(after.case & Case.CAPITAL)
            and self.close(place + 1)
            and not self.at(place - 1).can_be & (Is.TITLE | Is.ROLE)
            and self.capitals_tell
        )

    def _is_month(self, place: int, one: Word) -> bool:
        return (
            one.plain in MONTHS_AS_NAMES and self.at(place - 1).plain in BEFORE_A_MONTH and not self.namelike(place - 2)
        )

    def _is_initial(self, place: int, one: Word) -> bool:
        """A letter after a title or a name, or with its point before one."""
        before, after_gap = self.at(place - 1), self.text[self.spans[place][1] : self.spans[place][1] + 1]
        if not one.case & Case.CAPITAL:
            if self.close(place) and place and self.taken[place - 1] and self._ends_or_deed(place):
                return one.plain not in LETTER_WORDS
            return self.close(place) and bool(before.can_be & Is.TITLE) and before.plain != "ma"
        if self.close(place) and (before.can_be & Is.TITLE or (self.taken[place - 1] if place else False)):
            return one.plain not in LETTER_WORDS or after_gap == "."
        if place and self.taken[place - 1] and self.gap(place) == ", ":
            return after_gap == "." or place + 1 == len(self.words)
        if self._is_of_short_form(place):
            return False
        if (
            self.close(place)
            and before.can_be & Is.ROLE
            and one.plain != "i"
            and (after_gap in {".", ""} or (one.plain not in LETTER_WORDS and self._ends_or_deed(place)))
        ):
            return True
        if self._title_before(place).can_be & Is.TITLE and before.plain == "la":
            return True
        dotted = after_gap == "." or one.plain not in LETTER_WORDS
        after = self.at(place + 1)
        if self._are_dotted_initials(place) or self._signs(place):
            return True
        if not dotted or not self.close(place + 1):
            return False
        if after.case & Case.LETTER:
            return self._initials_end_in_name(place + 1)
        return bool(after.case & Case.CAPITAL) and (
            bool(after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY)) or not after.can_be & (Is.ORDINARY | Is.PROPER)
        )

    def _is_of_short_form(self, place: int) -> bool:
        """True for the letters of "P.S." and "R.N."."""
        pairs = [first for first in (place - 1, place) if self.gap(first + 1) in {".", ". "}]
        return any(
            self.at(first).case & self.at(first + 1).case & Case.LETTER
            and self.at(first).plain + self.at(first + 1).plain in _SHORT_FORMS
            and not self.at(first + 2).case & Case.LETTER
            for first in pairs
        )

    def _are_dotted_initials(self, place: int) -> bool:
        """ "R.J." where what follows tells of somebody."""
        first = place if self.spans[place][1] + 1 < len(self.text) and self.gap(place + 1) in {".", ". "} else place - 1
        second = first + 1
        if (
            first < 0
            or not self.at(first).case & self.at(second).case & Case.LETTER
            or self.gap(second) not in {".", ". "}
        ):
            return False
        while (
            second - first < LONGEST_TIE
            and first > 0
            and self.at(first - 1).case & Case.LETTER
            and self.gap(first) in {".", ". "}
        ):
            first -= 1
        while (
            second - first < LONGEST_TIE
            and self.at(second + 1).case & Case.LETTER
            and self.gap(second + 1) in {".", ". "}
        ):
            second += 1
        letters = "".join(one.plain for one in self.words[first : second + 1])
        return letters not in _SHORT_FORMS and letters[:2] not in {"am", "pm"}

    def _signs(self, place: int) -> bool:
        """A letter that stands for a name: "signed, L.", "initials K"."""
        before = self.at(place - 1).plain
        ends = place + 1 == len(self.words) or self.begins(place + 1)
        return ends and (before in _SIGNED_BY or (re.search(r"[-–—~]\s*$", self.gap(place)) is not None and place > 0))

    def _initials_end_in_name(self, place: int) -> bool:
        after = self.at(place + 1)
        return (
            self.close(place + 1)
            and bool(after.case & Case.CAPITAL)
            and bool(
                after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY) or not after.can_be & (Is.ORDINARY | Is.PROPER)
            )
        )

    def _title_before(self, place: int) -> Word:
        """The title or role right before this word, over initials and particles that belong to the name."""
        back = place - 1
        if self.at(back).plain == "law" and self.at(back - 1).plain == "in":
            back -= 2
        while (
            place - back <= LONGEST_TIE
            and back >= 0
            and self.close(back + 1)
            and self.at(back).can_be & Is.PARTICLE
            and not self.at(back).can_be & (Is.TITLE | Is.ROLE)
        ):
            back -= 1
        return self.at(back) if back >= 0 and self.close(back + 1) else _NONE

    def _follows_title(self, place: int, one: Word) -> bool:
        title = self._title_before(place)
        if not title.can_be & (Is.TITLE | Is.ROLE):
            return False
        over_particles = title is not self.at(place - 1)
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        capital = one.case & Case.CAPITAL and self.capitals_tell
        if one.can_be & (Is.TITLE | Is.ROLE | Is.PLACE) and not named_so:
            return False
        if one.can_be & Is.CLOSED:
            return (
                bool(capital)
                and one.plain in SURNAMES_AFTER_TITLE
                and bool(title.can_be & Is.TITLE)
                and not over_particles
            )
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        if title.can_be & Is.TITLE and capital:
            return bool(
                named_so
                or unknown
                or (
                    not over_particles
                    and not one.can_be & Is.PROPER
                    and title.case & Case.CAPITAL
                    and not one.case & Case.ALL_CAPITALS
                )
            )
        if title.plain in ALWAYS_PEOPLE and not over_particles:
            return bool(named_so or unknown) or (
                len(one.plain) > 3
                and not one.can_be & (Is.DEED | Is.PROPER)
                and title.plain in {"mr", "mrs", "ms", "sra", "srta", "sr"}
            )
        if capital:
            return bool(named_so or unknown) or (
                title.plain in {"nurse", "enfermera", "enfermero"}
                and not over_particles
                and not one.can_be & (Is.PROPER | Is.DEED)
                and not one.case & Case.ALL_CAPITALS
                and one.plain not in _AFTER_NURSE
            )
        if unknown and title.plain in KIN and 2 < len(one.plain) < 6:
            return re.search(r"(.)\1\1", one.plain) is None
        if unknown:
            return not misspelt(one.plain) or (
                bool(title.can_be & Is.TITLE) and len(one.plain) > 2 and self.at(place + 1).can_be & Is.DEED > 0
            )
        if (title.can_be & Is.TITLE or (title.plain == "nurse" and self._ends_or_deed(place))) and not over_particles:
            return bool(named_so) and (
                one.plain not in _VERBS or self.at(place + 1).plain in SURE_DEEDS or place + 1 == len(self.words)
            )
        return (bool(named_so) and not one.can_be & (Is.NOBODY | Is.EVERYDAY)) or (
            bool(named_so) and bool(one.can_be & Is.GIVEN) and bool(title.can_be & Is.ROLE) and not over_particles
        )

    def _is_introduced(self, place: int, one: Word) -> bool:
        """After "my name is", "me llamo", "named", "ask for"."""
        before, earlier = self.at(place - 1).plain, self.at(place - 2).plain
        if not (
            before in INTRODUCED_BY
            or (earlier, before) in INTRODUCED_BY_TWO
            or (before, "") in INTRODUCED_BY_TWO
            or (before in _NAME and (":" in self.gap(place) or self._is_owner(place - 1)))
        ):
            return (
                before == "called"
                and bool(one.case & Case.CAPITAL)
                and self.capitals_tell
                and not one.can_be & (Is.ORDINARY | Is.PROPER)
            )
        if self.gap(place).strip(" ,:.-\n'\"“") or (
            one.can_be & (Is.CLOSED | Is.PROPER | Is.ROLE | Is.TITLE) and not one.can_be & Is.GIVEN
        ):
            return False
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        if one.case & Case.CAPITAL and self.capitals_tell:
            return True
        if before in {"is", "was", "es", "llamo", "name"} and one.can_be & (Is.ORDINARY | Is.COMMON) == Is.ORDINARY:
            return not one.plain.endswith(("ed", "ing", "ly", "ado", "ada"))
        return bool(named_so) or not one.can_be & Is.ORDINARY

    def _is_called_so(self, place: int, one: Word) -> bool:
        """ "my name is tawny", "mrs birdsong": any word that is not among the most frequent."""
        before = self.at(place - 1).plain
        if before not in _NAMES_WHATEVER or one.can_be & (
            Is.CLOSED | Is.COMMON | Is.PROPER | Is.ROLE | Is.TITLE | Is.DEED
        ):
            return False
        if self.gap(place).strip(" ,:.") or one.plain.endswith(("ed", "ing", "ly", "ado", "ada")):
            return False
        return before in {"mr", "mrs", "llamo"} or self.at(place - 2).plain in {"name", "nombre", "first", "last"}

    def _beside_a_name(self, place: int, one: Word) -> bool:
        """A second name right after one, or a first name right before one."""
        if one.can_be & (Is.CLOSED | Is.TITLE) or (
            one.can_be & Is.ROLE and not one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        ):
            return False
        named_so = one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        capital = one.case & Case.CAPITAL and self.capitals_tell
        if self._is_listed_after_name(place, one):
            return True
        follows = self.close(place) and self.taken[place - 1]
        if follows:
            if capital:
                return bool(named_so or unknown) or (
                    not one.can_be & (Is.ROLE | Is.PROPER | Is.PLACE) and not one.case & Case.ALL_CAPITALS
                )
            return (
                bool(named_so) and one.plain not in _VERBS and (not one.can_be & Is.NOBODY or self._ends_or_deed(place))
            ) or (unknown and len(one.plain) > 2 and not misspelt(one.plain))
        if self._after_particle(place):
            return bool(capital) or one.plain in _AFTER_DE or (bool(named_so) and not one.can_be & Is.NOBODY)
        if (
            named_so
            and capital
            and self.gap(place + 1).strip(" ") == ","
            and self.namelike(place + 1)
            and self.at(place + 1).case & Case.CAPITAL
        ):
            return not one.can_be & Is.ROLE
        after = self.at(place + 1)
        if (
            named_so
            and capital
            and self.close(place + 1)
            and after.case & Case.CAPITAL
            and not after.case & Case.LETTER
            and (after.can_be & Is.AMBIGUOUS or not after.can_be & (Is.ORDINARY | Is.PROPER))
            and one.can_be & Is.GIVEN
        ):
            return True
        if self.close(place + 1) and self.namelike(place + 1) and named_so:
            return (bool(capital) and one.plain not in _VERBS) or (
                not one.can_be & Is.NOBODY and not one.can_be & Is.EVERYDAY
            )
        return self._joined_by_and(place, one)

    def _is_listed_after_name(self, place: int, one: Word) -> bool:
        """ "chip, rusty and skip", "Shah, Mira": a given name after a name and a comma, where no clause begins."""
        if not place or not self.taken[place - 1] or self.gap(place).strip(" ") not in {",", "/", "&", "+"}:
            return False
        if not one.can_be & Is.GIVEN or one.can_be & Is.CLOSED or one.plain in _VERBS:
            return False
        after, gap = self.at(place + 1), self.gap(place + 1).strip(" ")
        ends = place + 1 == len(self.words) or gap[:1] in {",", ".", "!", ";", ")", "&", "/"} or after.plain in _AND
        return ends or (bool(one.case & Case.CAPITAL) and self.capitals_tell)

    def _ends_or_deed(self, place: int) -> bool:
        return (
            place + 1 == len(self.words)
            or bool(self.at(place + 1).can_be & (Is.DEED | Is.CLOSED))
            or self.begins(place + 1)
        )

    def _after_particle(self, place: int) -> bool:
        back = place
        while (
            place - back < LONGEST_TIE
            and back > 0
            and self.close(back)
            and self.at(back - 1).can_be & Is.PARTICLE
            and not self.taken[back - 1]
        ):
            back -= 1
        return 0 < back < place and self.close(back) and self.taken[back - 1]

    def _joined_by_and(self, place: int, one: Word) -> bool:
        """ "ana y rosa": an ambiguous or unknown word tied to a name."""
        if one.case & Case.CAPITAL and self.capitals_tell:
            named = bool(one.can_be & (Is.AMBIGUOUS | Is.EVERYDAY)) or not one.can_be & (Is.ORDINARY | Is.PROPER)
            if one.can_be & (self.at(place + 2).can_be | self.at(place - 2).can_be) & Is.MONTH:
                return False
            return named and (
                (
                    self.at(place + 1).plain in _AND
                    and self.close(place + 2)
                    and (
                        self.namelike(place + 2)
                        or bool(self.at(place + 2).can_be & Is.GIVEN and self.at(place + 2).case & Case.CAPITAL)
                    )
                )
                or (self.at(place - 1).plain in _AND and place > 1 and self.taken[place - 2])
            )
        tied = (
            (
                self.at(place - 1).plain == "a"
                and self.at(place - 2).plain in _AND
                and place > 2
                and self.taken[place - 3]
                and self.close(place)
                and self.close(place - 1)
            )
            or (
                self.at(place - 1).plain in _AND
                and place > 1
                and self.taken[place - 2]
                and self.close(place)
                and self.close(place - 1)
            )
            or (
                self.at(place + 1).plain in _AND
                and self.namelike(place + 2)
                and self.close(place + 1)
                and self.close(place + 2)
            )
        )
        if not tied:
            return False
        ambiguous = one.can_be & Is.AMBIGUOUS and (not one.can_be & Is.NOBODY or one.can_be & Is.GIVEN)
        return bool(ambiguous) or (
            not one.can_be & (Is.ORDINARY | Is.PROPER) and len(one.plain) > 2 and not misspelt(one.plain)
        )

    def _has_telling_capital(self, place: int, one: Word) -> bool:
        """A capital that the place in the sentence does not explain."""
        if one.plain in {"will", "may", "an", "so", "al", "do", "ha", "ti"}:
            return self._is_closed_name(place, one)
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) and not one.can_be & Is.AMBIGUOUS:
            return False
        unknown = not one.can_be & (Is.ORDINARY | Is.PROPER)
        named_so = one.can_be & Is.AMBIGUOUS or (one.can_be & Is.EVERYDAY and one.can_be & Is.GIVEN)
        ambiguous = bool(named_so) and not self._is_month(place, one)
        if self._is_nickname(place, one) or self._did_it_to_me(place, one):
            return True
        if not (unknown or ambiguous) or self._is_no_person(place, one):
            return False
        if one.case & Case.ALL_CAPITALS:
            if len(one.plain) == 2 and self.capitals_tell and self._are_initials(place, one):
                return True
            return (
                self.capitals_tell
                and len(one.plain) > 2
                and (ambiguous or len(one.plain) > 4)
                and self._is_told_of(place)
            )
        if not self.capitals_tell:
            return unknown and len(one.plain) > 3 and not self._shouted() and not misspelt(one.plain)
        if not self.begins(place):
            return True
        alone = place + 1 == len(self.words) or self.begins(place + 1)
        if self._is_signature(place) or (
            one.can_be & Is.GIVEN and alone and (self.gap(place).strip(" ") == ":" or self.gap(place).strip(" ") == "=")
        ):
            return True
        if unknown:
            if self._opens_full_name(place):
                return True
            stands = alone or self._is_told_of(place) or self.gap(place + 1).startswith(",")
            return (stands and len(one.plain) < 6) or not misspelt(one.plain)
        if one.can_be & Is.GIVEN and not one.can_be & Is.NOBODY and self._is_remarked(place):
            return True
        if one.can_be & Is.GIVEN and (
            self._is_owner(place) or self.gap(place + 1).startswith(",") or self._is_quoted(place)
        ):
            return True
        return self._is_told_of(place) or (
            bool(one.can_be & Is.GIVEN)
            and self.at(place + 1).plain in (_AFTER_VERBS if one.plain in _VERBS else _AFTER_NAMES)
            and not self.gap(place + 1).strip(" ")
        )

    def _opens_full_name(self, place: int) -> bool:
        """True before another name with a capital, particles between them or none."""
        after = place + 1
        while after - place <= LONGEST_TIE and self.close(after) and self.at(after).can_be & Is.PARTICLE:
            after += 1
        one = self.at(after)
        return (
            self.close(after)
            and after < len(self.words)
            and one.case == Case.CAPITAL
            and not one.can_be & (Is.ORDINARY | Is.PROPER | Is.PLACE)
        )

    def _are_initials(self, place: int, one: Word) -> bool:
        """ "JT", "MJ": two letters that are no short form of a thing."""
        if one.plain in _SHORT_FORMS:
            return False
        return (
            ("j" in one.plain and one.plain not in _PLACES_IN_TWO_LETTERS)
            or bool(self.at(place - 1).can_be & (Is.TITLE | Is.ROLE) and self.close(place))
            or self._is_told_of(place)
        )

    def _is_owner(self, place: int) -> bool:
        return len(self.text[slice(*self.spans[place])]) > self.words[place].length

    def _is_remarked(self, place: int) -> bool:
        """ "Chip? Rude.", "Chip: rude", "Chip and his team"."""
        gap = self.gap(place + 1).strip(" ")
        if place + 1 < len(self.words) and (gap in {"?", ":", "=", ">"} or gap[:1] in _DASHES or gap.startswith("..")):
            return True
        return self.at(place + 1).plain in _AND and self.at(place + 2).plain in {"his", "her", "their", "su", "team"}

    def _is_quoted(self, place: int) -> bool:
        return (
            self.gap(place)[-1:] in "\"“«'("
            and self.gap(place + 1)[:1] in "\"”»')"
            and self.gap(place + 1) != "\n"
            and place > 0
        )

    def _is_closed_name(self, place: int, one: Word) -> bool:
        """ "Will was", "An from the lab": what no sentence would say of the word."""
        if not self.capitals_tell or one.case & Case.ALL_CAPITALS or self._is_month(place, one):
            return False
        if not self.begins(place):
            return one.plain in {"will", "may", "al"} or (self._is_told_of(place) and one.plain not in {"do", "so"})
        after = self.at(place + 1)
        if after.can_be & Is.NAME and after.case & Case.CAPITAL:
            return one.plain == "will" or bool(self.at(place + 2).can_be & Is.DEED)
        if one.plain in {"so", "do"}:
            return False
        return (
            after.plain in SURE_DEEDS - {"me", "nos"}
            or after.plain in _AFTER_WILL
            or after.plain in {"from", "at"}
            or (self.gap(place + 1).strip() == "," and after.plain in _SAYS_WHO)
        )

    def _is_told_of(self, place: int) -> bool:
        """True where what follows tells of somebody: "was", "at the desk", ", the guard", "de la farmacia"."""
        after, gap = self.at(place + 1), self.gap(place + 1)
        if gap.strip() == ",":
            return after.plain in _SAYS_WHO or bool(after.can_be & Is.ROLE)
        if gap.strip(" \t"):
            return False
        if after.plain in {"the", "our", "my", "el", "la", "mi"} and (
            self.at(place + 2).can_be & Is.ROLE
            or (self.at(place + 3).can_be & Is.ROLE and not self.at(place + 2).can_be & Is.CLOSED)
        ):
            return True
        if after.plain in _SAYS_WHERE:
            return self.at(place + 2).plain != "the" or self.at(place + 3).plain not in {
                "morning",
                "afternoon",
                "evening",
                "end",
                "meantime",
            }
        return (bool(after.can_be & Is.DEED) and after.plain not in {"and", "y", "que", "se", "over"}) or (
            (not self.words[place].can_be & Is.NOBODY or bool(self.words[place].can_be & Is.GIVEN))
            and self._is_past(place + 1)
        )

    def _is_past(self, place: int) -> bool:
        """A verb of what somebody did, by its ending."""
        after = self.at(place)
        written = self.text[slice(*self.spans[place])] if place < len(self.words) else ""
        return (
            after.case == Case.LOWER
            and len(written) > 3
            and (
                written.endswith(("ed", "ó"))
                or (written.endswith("s") and after.plain.removesuffix("s") in _VERBS_OF_PEOPLE)
                or after.plain in _PAST
            )
        )

    def _is_nickname(self, place: int, one: Word) -> bool:
        """An ordinary word with a capital that did something: "when Peaches came"; after kin also without."""
        if not self.capitals_tell or self.begins(place) or one.case & Case.ALL_CAPITALS or not one.case & Case.CAPITAL:
            return False
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE | Is.PROPER | Is.PLACE):
            return False
        before = self.at(place - 1)
        if (before.plain in KIN or (before.can_be & Is.ROLE and before.case == Case.LOWER)) and (
            (self.gap(place) == ", " and self.gap(place + 1).strip(" ")[:1] in {",", ".", "!"})
            or (self.gap(place).strip() == "(" and self.gap(place + 1)[:1] in {")", ","})
        ):
            return True
        if not self.close(place):
            return False
        if before.plain in KIN:
            return True
        if (
            before.plain in _BEFORE_PEOPLE
            and not one.can_be & Is.COMMON
            and not self.at(place + 1).case & Case.CAPITAL
            and one.case == Case.CAPITAL
        ):
            return True
        return (
            bool(before.can_be & Is.CLOSED)
            and before.plain not in _DETERMINERS
            and not self.gap(place + 1).strip(" ")
            and (self.at(place + 1).plain in SURE_DEEDS | _AFTER_VERBS - {"can", "will"} or self._is_past(place + 1))
        )

    def _stands_as_person(self, place: int, opens: bool, earlier: str, before: str) -> bool:
        """Where a text has no capitals: a name that is a word too, where nothing but a person fits."""
        after, gap = self.at(place + 1), self.gap(place + 1).strip(" ")
        ends = (
            place + 1 == len(self.words)
            or self.begins(place + 1)
            or after.plain in {"i", "and", "y", "who", "thank", "thanks", "que"}
        )
        if (before, "") in _PERSON_WAS and ends:
            return True
        if self.gap(place).strip() == ",":
            return gap == "," and bool(self.at(place - 1).can_be & Is.ROLE)
        if after.plain in {"who", "quien"} or ((earlier, before) in _PERSON_WAS and ends):
            return True
        if before in _TOLD and ends:
            return True
        if (
            not gap
            and after.can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY)
            and not after.can_be & Is.GIVEN
            and self.close(place + 1)
        ):
            return after.can_be & Is.NAME > 0 or (
                bool(self.at(place + 2).can_be & (Is.DEED | Is.CLOSED)) and one_is_no_verb(self.words[place])
            )
        if not opens or gap or not one_is_no_verb(self.words[place]):
            return False
        if after.plain in {"de", "del", "en", "la"}:
            return bool({self.at(place + 2).plain, self.at(place + 3).plain} & _DEPARTMENTS)
        return self._is_past(place + 1) or after.plain == "se" or after.plain in _AFTER_VERBS

    def _is_told_plainly(self, place: int) -> bool:
        """ "rose in the lab", "mark at the desk", "hope helped": said of a person even without a capital."""
        after, next_after = self.at(place + 1), self.at(place + 2)
        if self.gap(place + 1).strip(" \t"):
            return False
        if self.words[place].can_be & Is.ORDINARY and after.plain in _AND and self.at(place + 2).can_be & Is.GIVEN:
            return self.words[place].plain not in _VERBS and next_after.plain not in _VERBS
        if after.plain in {"at", "from", "in", "on"}:
            return (
                next_after.plain not in _NO_PLACE
                and not (after.plain == "on" and next_after.plain != "the")
                and (
                    after.plain != "in"
                    or not next_after.can_be & Is.CLOSED
                    or self.at(place + 3).can_be & Is.ORDINARY > 0
                )
            )
        if after.plain in {"me", "nos", "se", "le"}:
            return self._is_past(place + 2) or bool(next_after.can_be & Is.DEED)
        if after.plain in _SAID and not self.words[place].can_be & Is.NOBODY:
            return True
        return after.plain in SURE_DEEDS - {"is", "was", "es", "fue", "me", "nos"} or (
            after.plain in {"is", "was", "es", "fue"}
            and (not self.words[place].can_be & Is.NOBODY or next_after.plain in _KIND)
        )

    def _did_it_to_me(self, place: int, one: Word) -> bool:
        """An ordinary word that begins a sentence and did something to the writer: "Tank wheeled me out"."""
        if not self.capitals_tell or not self.begins(place) or one.case & (Case.ALL_CAPITALS | Case.LETTER):
            return False
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE | Is.PROPER | Is.PLACE) or one.plain in _GROUPS:
            return False
        plain_verb = self.at(place + 1).plain in SURE_DEEDS - {"is", "was", "es", "fue", "me", "nos"}
        return (
            (plain_verb or self._is_past(place + 1))
            and self.at(place + 2).plain in {"me", "us", "my", "him", "her"}
            and not one.plain.endswith(("s", "ing", "ion", "ment", "ry", "cy", "ty", "gy"))
        )

    def _shouted(self) -> bool:
        return any(one.case & Case.ALL_CAPITALS for one in self.words)

    def _is_signature(self, place: int) -> bool:
        """The last word or two, after a dash or on a line of their own."""
        if place + 2 < len(self.words) or place == 0:
            return False
        return re.search(r"[-–—~\n]\s*$", self.gap(place)) is not None

    def _is_lower_after_cue(self, place: int, one: Word) -> bool:
        """After "thanks to", "with": where capitals say nothing, or were not used."""
        if one.case & Case.CAPITAL and self.capitals_tell and not self.begins(place):
            return False
        if one.can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) or one.can_be & (Is.PROPER | Is.GIVEN) == Is.PROPER:
            return False
        before, earlier = self.at(place - 1).plain, self.at(place - 2).plain
        if place and not self.close(place) and self.gap(place).strip() != ",":
            before = earlier = ""
        greeted = (earlier, before) in GREETED_BY_TWO or (before, "") in GREETED_BY_TWO or before in GREETED
        opens = self.begins(place) or before in _OPENS
        if before in _GIVEN_TO and self.at(place + 2).plain in _GIFTS and one.can_be & Is.GIVEN:
            return True
        unknown = not one.can_be & Is.ORDINARY and len(one.plain) > 2 and not misspelt(one.plain)
        if (
            unknown
            and self.gap(place) == ", "
            and self.gap(place + 1)[:1] in {",", "."}
            and self.at(place - 1).can_be & Is.ROLE
        ):
            return True
        if self._is_signature(place) and (unknown or (one.can_be & Is.GIVEN and one.plain not in _VERBS)):
            return True
        if opens and ((one.can_be & Is.GIVEN and one.plain != "bill") or unknown) and self._is_told_plainly(place):
            return True
        if unknown and len(one.plain) > 3 and before not in _BEFORE_THINGS:
            return True
        if (
            self.has_no_capitals
            and one.can_be & Is.GIVEN
            and one.plain != "bill"
            and self._stands_as_person(place, opens, earlier, before)
        ):
            return True
        if not one.can_be & Is.ORDINARY:
            if len(one.plain) < 3 or misspelt(one.plain):
                return False
            return greeted or before in SOFT or (place == 0 and self.at(1).plain in SURE_DEEDS and len(one.plain) > 3)
        return (
            greeted
            and bool(one.can_be & Is.AMBIGUOUS)
            and (
                not one.can_be & Is.NOBODY
                or bool(
                    one.can_be & Is.GIVEN
                    and (
                        self._ends_or_deed(place)
                        or self.at(place + 1).can_be & (Is.NAME | Is.AMBIGUOUS) > 0
                        or self.at(place + 1).plain in _SAYS_WHERE | _AND
                        or self.gap(place + 1).startswith((",", " for"))
                    )
                )
            )
        )


_SAYS_WHO = cues("says_who")
_SAYS_WHERE = cues("says_where")
_AFTER_NURSE = cues("after_nurse")
_DETERMINERS = cues("determiners")
_AFTER_VERBS = cues("after_verbs")
_AFTER_NAMES = _AFTER_VERBS | cues("after_names")
_AFTER_WILL = cues("after_will")
_VERBS_OF_PEOPLE = cues("verbs_of_people")
_PAST = cues("past")
_BEFORE_NICKNAMES = cues("before_nicknames")
_SIGNED_BY = cues("signed_by")
_SHORT_FORMS = cues("short_forms")
_DASHES = {"-", "–", "—", "~"}
_SHORTENED = cues("shortened")
_WITH_POINT = _SHORTENED | {"st", "ft", "vda", "atte", "attn"}
_GROUPS = cues("groups")
_BEFORE_THINGS = cues("before_things")
_SUFFIXES = cues("suffixes")
_NONE = Word("", 0, Case.LOWER, 0, False)
_PERSON_WAS = paired_cues("person_was")
_TOLD = cues("told")
_DEPARTMENTS = cues("departments")
_OPENS = cues("opens")
_NO_PLACE = cues("no_place")
_KIND = cues("kind")
_AND = cues("and")
_PLACES_IN_TWO_LETTERS = cues("places_in_two_letters")
_CLOSED_BUT_GIVEN = cues("closed_but_given")
_NAME = cues("name")
_NAMES_WHATEVER = cues("names_whatever")
_BEFORE_PEOPLE = cues("before_people")
_SAID = cues("said")
_GIVEN_TO = cues("given_to")
_GIFTS = cues("gifts")
_PARTS_OF_NAMES = _CLOSED_BUT_GIVEN | _SUFFIXES | _SHORTENED | _BEFORE_NICKNAMES
_CUES = (
    INTRODUCED_BY
    | GREETED
    | SOFT
    | _OPENS
    | _AND
    | {second or first for first, second in INTRODUCED_BY_TWO | GREETED_BY_TWO}
    | {"called"}
)
_ENGLISH_ROLES = cues("english_roles")
_FOREIGN = cues("foreign")
_AFTER_DE = cues("after_de")
_VERBS = cues("verbs")


def one_is_no_verb(one: Word) -> bool:
    """False for "hope", "mark", "will": at the head of a clause they are verbs."""
    return one.plain not in _VERBS


@lru_cache(maxsize=256)
def known_parts(known: frozenset[str]) -> frozenset[str]:
    """The words of known names, plain; titles, particles and single letters are no names."""
    written = {plain(match[0]) for name in known for match in WORD.finditer(name)}
    parts = (
        written
        | {re.sub("['-]", "", one) for one in written}
        | {part for one in written for part in re.split("['-]", one)}
    )
    return frozenset(
        part for part in parts if len(part) > 1 and part not in TITLES and part not in PARTICLES | {"y", "jr"}
    )


def _is_short_for(key: str, known: frozenset[str]) -> bool:
    """True for the beginning of a known name, or a small form of it: "Leo", "Ferny", "Pablito"."""
    stem = re.sub(r"(?:c?it[oa]|ill[oa]|y|ie|i)$", "", key)
    return len(key) > 2 and len(stem) > 2 and any(name.startswith(stem) and len(name) > 4 for name in known)


def _could_hold_names(words: Sequence[Word]) -> bool:
    """False for most texts: no word in them could be the first that is taken for a name."""
    before = _NONE
    for place, one in enumerate(words):
        if one.may:
            can_be = one.can_be
            if can_be & Is.NAME or not can_be & Is.ORDINARY or can_be & Is.GIVEN:
                return True
            if one.case & Case.LETTER:
                if (
                    one.plain not in LETTER_WORDS
                    or before.case & Case.LETTER
                    or before.can_be & (Is.TITLE | Is.ROLE | Is.PARTICLE)
                ):
                    return True
            elif (
                before.can_be & (Is.TITLE | Is.ROLE | Is.PARTICLE)
                or before.plain in _CUES
                or (one.case and (can_be & (Is.AMBIGUOUS | Is.EVERYDAY) or (place and before.can_be & Is.CLOSED)))
            ):
                return True
        before = one
    return False


def names_in(text: str, words: Sequence[Word], known: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """The names of a text from left to right; parts that only a space, a hyphen or a point divides are one name.

    `words` are the text's words as `words_of` reads them.
    """
    parts = known_parts(frozenset(known)) if known else frozenset()
    if not _could_hold_names(words) and (
        not parts or parts.isdisjoint(part for one in words for part in one.plain.split("-"))
    ):
        return
    reading = _Reading(text, words, parts)
    reading.read()
    start = end = -1
    for place, taken in enumerate(reading.taken):
        if not taken:
            continue
        begin, length = reading.spans[place][0], reading.words[place].length
        if start >= 0 and place and reading.taken[place - 1] and reading.close(place):
            end = begin + length
            continue
        if start >= 0:
            yield start, end
        start, end = begin, begin + length
    if start >= 0:
        yield start, end

"""One life: family, language, means, what somebody lives with, how they are, and how long they are with us."""

from collections.abc import Iterator
from contextlib import contextmanager

from twohats.demo.ailments import AILMENTS, PREGNANCY, Ailment
from twohats.demo.clock import DAY, day_text
from twohats.demo.dice import Dice
from twohats.demo.hospital import Hospital, Site
from twohats.demo.names import FAMILY_EN, FAMILY_ES, FAMILY_OTHER, given_names

HOME_SIZE = 4
"""People are drawn in groups of four neighbours, who share out into homes of one to four."""
_HOMES = ((0.22, (1, 1, 1, 1)), (0.42, (2, 1, 1)), (0.62, (2, 2)), (0.82, (3, 1)), (1.0, (4,)))
_LANGUAGES = ((0.78, "en"), (0.95, "es"), (0.965, "zh"), (0.98, "vi"), (0.99, "ar"), (1.0, "ru"))
_INCOMES = ((0.28, "low"), (0.75, "middle"), (1.0, "high"))
_STREETS = ("Oak Street", "Maple Avenue", "River Road", "Second Street", "Hill Lane", "Park Avenue", "Mill Road")
_BANDS = ((18, "0-17"), (40, "18-39"), (65, "40-64"), (80, "65-79"), (200, "80+"))
_CHILDREN = 2  # from the third member of a home on


class Life:
    """Who somebody is. `dice` goes on to draw what happens to them; `slips` draws only errors of the records,
    `former` only which of their states were delivered before the last, `opinion` only what they felt of the time,
    `teaching` only what they understood of what was taught, and `consent` only who may see their words.
    """

    __slots__ = (
        "age",
        "ailments",
        "born",
        "car",
        "consent",
        "dice",
        "died",
        "email",
        "family",
        "former",
        "gender",
        "given",
        "hearing",
        "home",
        "id",
        "income",
        "index",
        "interpreter",
        "language",
        "last_text",
        "merged_at",
        "minor",
        "mixed_up_with",
        "mood",
        "mrn",
        "new_since",
        "old_id",
        "old_mrn",
        "opinion",
        "opted_out",
        "parent",
        "payer",
        "pcp",
        "phone",
        "phone_shared",
        "portal",
        "pregnant",
        "relative",
        "relative_name",
        "site",
        "slips",
        "spouse_gender",
        "street",
        "teaching",
        "unhappy",
        "unnoticed",
        "wheelchair",
        "zip",
    )

    def __init__(self, hospital: Hospital, index: int) -> None:
        plan = hospital.plan
        self.index = index
        self.id = f"p{index}"
        self.dice = dice = Dice(plan.seed, "life", index)
        self.slips = Dice(plan.seed, "slips", index)
        self.former = Dice(plan.seed, "former", index)
        self.opinion = Dice(plan.seed, "opinion", index)
        self.teaching = Dice(plan.seed, "teaching", index)
        self.consent = Dice(plan.seed, "consent", index)
        self._draw_home(hospital)
        self._draw_body(hospital)
        self._draw_means()
        self._draw_mood()
        self.died = self._draw_death(hospital)
        self.opted_out: int | None = None
        self.last_text = 0
        self.mixed_up_with = ""
        # One in eight came to us only within the time the records cover.
        self.new_since = hospital.first_day + dice.between(20, plan.days - 40) if dice.chance(0.12) else None
        if self.new_since is not None and self.died is not None and self.died <= (self.new_since + 2) * DAY:
            self.new_since = None
        merged = self.slips.chance(plan.merged_patients)
        self.unnoticed = self.slips.chance(plan.unnoticed_records) and not merged
        self.old_id = f"{self.id}-old" if merged or self.unnoticed else None
        self.old_mrn = f"MRN{900_000_000 + index}" if merged or self.unnoticed else None
        met = (self.new_since or hospital.first_day) - hospital.first_day
        merged_on = hospital.first_day + self.slips.between(max(60, met + 5), plan.days - 20)
        self.merged_at = merged_on * DAY + 900 if merged else None

    @contextmanager
    def drawing_from(self, dice: Dice) -> Iterator[None]:
        """What happens meanwhile is drawn from these dice, so that the rest of the life stays as it is without it."""
        own, self.dice = self.dice, dice
        try:
            yield
        finally:
            self.dice = own

    def _draw_home(self, hospital: Hospital) -> None:
        """Family, address, language and phone are of the home, so all who live there draw the same."""
        plan, group, place = hospital.plan, self.index // HOME_SIZE, self.index % HOME_SIZE
        home = Dice(plan.seed, "home", group)
        sizes = home.weighted(_HOMES)
        number, member, first = 0, place, group * HOME_SIZE
        while member >= sizes[number]:
            member -= sizes[number]
            first += sizes[number]
            number += 1
        size = sizes[number]
        home = Dice(plan.seed, "family", first)
        self.home = (first, member, size)
        self.language = home.weighted(_LANGUAGES)
        spanish = self.language == "es"
        self.family = home.pick(
            FAMILY_ES if spanish or home.chance(0.08) else FAMILY_EN if self.language == "en" else FAMILY_OTHER
        )
        self.site: Site = (
            hospital.sites[0] if not home.chance(plan.other_models) else hospital.sites[home.between(1, 3)]
        )
        self.street = f"{home.between(1, 980)} {home.pick(_STREETS)}"
        self.zip = f"{self.site.zip3}{home.between(1, 40):02}"
        self.income = home.weighted(_INCOMES)
        genders = ("female", "male") if home.chance(0.5) else ("male", "female")
        heads = [home.pick(given_names(gender, spanish)) for gender in genders]
        self.phone_shared = size > 1 and home.chance(plan.shared_phones)
        self.parent = (first, heads[0], genders[0])
        if member < _CHILDREN:
            self.gender, self.given = genders[member], heads[member]
        else:
            self.gender = "female" if self.dice.chance(0.5) else "male"
            self.given = self.dice.pick(given_names(self.gender, spanish))
        other = 1 - member if member < _CHILDREN else 0
        self.relative_name, self.spouse_gender = heads[other], genders[other]

    def _draw_body(self, hospital: Hospital) -> None:
        dice, (_, member, size) = self.dice, self.home
        if member >= _CHILDREN:
            self.age = dice.between(0, 20)
        elif size >= 3:
            self.age = dice.between(24, 58)
        else:
            self.age = dice.around(19, 97) if dice.chance(0.7) else dice.between(62, 94)
        self.born = hospital.today - self.age * 365 - self.age // 4 - dice.between(0, 364)
        self.minor = self.age < 18
        group = 0 if self.age < 18 else 1 if self.age < 40 else 2 if self.age < 65 else 3
        self.ailments: list[Ailment] = [ail for ail in AILMENTS if dice.roll() < ail.share[group]]
        self.pregnant = self.gender == "female" and 18 <= self.age <= 42 and dice.chance(0.07)
        if self.pregnant:
            self.ailments.append(PREGNANCY)
        old = self.age >= 65
        self.hearing = dice.chance(0.16 if old else 0.01)
        self.wheelchair = dice.chance(0.07 if old else 0.01)
        self.interpreter = self.language != "en" and dice.chance(0.55 if self.language == "es" else 0.8)
        doctors = hospital.unit(self.site.key, "primary").staff["doctor"]
        self.pcp = dice.pick(doctors)
        # A relative who comes along and speaks: a parent of a minor, else a partner or child of some.
        self.relative = f"rp{self.index}" if self.minor or size > 1 or dice.chance(0.3) else None

    def _draw_means(self) -> None:
        dice, (first, member, _) = self.dice, self.home
        low = self.income == "low"
        self.car = not dice.chance(0.22 if low else 0.06)
        owner = first if self.phone_shared or self.minor else first + member
        self.phone = None if dice.chance(0.04) else f"+1{201 + owner // 10_000}555{owner % 10_000:04}"
        self.mrn = f"MRN{100_000_000 + self.index}"
        self.email = (
            f"{self.given}.{self.family}{self.index}@example.org".lower()
            if not self.minor and dice.chance(0.75)
            else None
        )
        likely = 0.66 if self.language == "en" else 0.42
        # A minor's account is held by a parent.
        likely -= 0.2 * (self.age > 74) + 0.15 * self.minor
        self.portal = f"tr{self.index:07}" if dice.chance(likely) else None
        self.payer = (
            "public"
            if self.age >= 65 or (low and dice.chance(0.6))
            else "self"
            if dice.chance(0.12 if low else 0.04)
            else "commercial"
        )

    def _draw_mood(self) -> None:
        """How content somebody is before anything happens, in points: the same for every visit of theirs."""
        self.mood = self.dice.between(-15, 12)
        self.unhappy = self.mood <= -7

    def _draw_death(self, hospital: Hospital) -> int | None:
        yearly = 0.0005 if self.age < 40 else 0.004 if self.age < 65 else 0.025 if self.age < 80 else 0.09
        if not self.dice.chance(yearly * hospital.plan.days / 365):
            return None
        return self.site.clock.at(
            hospital.first_day + self.dice.between(1, hospital.plan.days - 2), self.dice.between(0, 1439)
        )

    def refuses_texts(self, minute: int) -> bool:
        """True from the minute at which they answered STOP."""
        return self.opted_out is not None and minute >= self.opted_out

    @property
    def age_band(self) -> str:
        """As the analysis bands ages."""
        return next(band for below, band in _BANDS if self.age < below)

    @property
    def birth_date(self) -> str:
        """2026-11-20."""
        return day_text(self.born)

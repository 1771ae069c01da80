"""What a release holds: the analysed tables that pages, exports and the analyst's shelf read.

Person keys are 63-bit integers made from the canonical Patient id, so they are stable across rebuilds.
"""

from . import Column, Kind, Personal, Table

T, N, F, B, AT, D, J = (Kind.TEXT, Kind.INT, Kind.FLOAT, Kind.BOOL, Kind.INSTANT, Kind.DATE, Kind.JSON)
ID, DATE = Personal.ID, Personal.DATE

_PERSON = Column("person", N, "Key of the person (merged records resolved).", personal=ID)

PEOPLE = Table(
    "people", "one row per person, merged records resolved", ("person",),
    (
        _PERSON,
        Column("patient_id", T, "Canonical Patient id of the source.", personal=ID),
        Column("family", T, "Family name.", personal=Personal.NAME),
        Column("given", T, "Given name.", personal=Personal.NAME),
        Column("birth_date", T, "Date of birth as given.", personal=Personal.BIRTH),
        Column("age_band", T, "0-17, 18-39, 40-64, 65-79, 80+ at the release's day; unknown."),
        Column("gender", T, "Administrative gender."),
        Column("language", T, "Preferred language, two letters; null when not known."),
        Column("interpreter", B, "Interpreter required."),
        Column("hearing", B, "Hearing loss recorded."),
        Column("wheelchair", B, "Uses a wheelchair."),
        Column("zip", T, "ZIP code.", personal=Personal.AREA),
        Column("portal", B, "Used the portal at least once."),
        Column("deceased_at", AT, "When the person died; null while living.", personal=DATE),
        Column("hospice_at", AT, "When somebody left a visit for hospice care first; null where none tells so.",
               personal=DATE),
        Column("merged_from", J, "Other Patient ids that were merged into this one.", personal=ID),
        Column("identifiers", J, "Identifiers of the person's records: MRNs, portal account.", personal=ID),
        Column("prospect", B, "True for somebody who was never a patient yet."),
    ),
)
VISITS = Table(
    "visits", "one row per visit: encounters that are one visit are one row", ("visit",),
    (
        Column("visit", N, "Key of the visit (from its first encounter's id).", personal=ID),
        _PERSON,
        Column("encounters", J, "Encounter ids that make it up, in order.", personal=ID),
        Column("class_code", T, "Class it began with: EMER, AMB, IMP, VR, OBSENC, HH."),
        Column("started_at", AT, "Start.", personal=DATE),
        Column("ended_at", AT, "End; null while open.", personal=DATE),
        Column("unit", T, "Unit id that served it."),
        Column("status", T, "Status of its last encounter."),
        Column("evidence", T, "full, no_zones, no_history, period_only: what the source told of it."),
        Column("seen_by_clinician", B, "A clinician appears in it (null when the source cannot tell)."),
    ),
)
ADDRESSES = Table(
    "addresses", "one row per person, channel and address by which they may be reached",
    ("person", "channel", "address"),
    (
        _PERSON,
        Column("channel", T, "email, sms, call, automated_call, letter or portal."),
        Column("address", T, "Phone, mail, portal account; for letters the ZIP code of the address on file.",
               personal=Personal.CONTACT),
        Column("verified", B, "The person reached us from it, or logged in with it; letters: an address is on file."),
        Column("works", B, "False when the last of what went there came back."),
    ),
)
STOPS = Table(
    "stops", "one row per person and programme to which they said STOP", ("person", "sender"),
    (
        _PERSON,
        Column("sender", T, "Programme whose message was answered; '' where it answers none: every programme."),
        Column("said_at", AT, "When it was said first.", personal=DATE),
    ),
)
INTERACTIONS = Table(
    "interactions",
    "one row per visit segment or other interaction, in the order lived "
    "(person, started_at, source_order, interaction)",
    ("interaction",),
    (
        Column("interaction", N, "Key: source id + touchpoint + instant.", personal=ID),
        _PERSON,
        Column("visit", N, "Key of the visit it is a segment of; null outside visits.", personal=ID),
        Column("kind", T, "segment (of a visit) or contact (any other interaction)."),
        Column("resource", T, "Source id of what it was read from, such as Encounter/123 or contacts/77.", personal=ID),
        Column("encounter", T, "Encounter id for segments.", personal=ID),
        Column("started_at", AT, "Start.", personal=DATE),
        Column("ended_at", AT, "End; null while open.", personal=DATE),
        Column("minutes", F, "Minutes from start to end; null while open or without duration."),
        Column("source_order", N, "Order within one instant, as the source had it."),
        Column("act", T, "What was being done (acts.toml)."),
        Column("touchpoint", T, "Touchpoint (catalogue.toml)."),
        Column("channel", T, "in_person, video, phone, sms, email, mail, portal, none."),
        Column("zone", T, "Kind of place, by the hospital's own table."),
        Column("role", T, "Kind of work of the other person: clinical, clerical, ..., automated; null unknown."),
        Column("status", T, "Status of the visit at that time."),
        Column("unit", T, "Unit id."),
        Column("hat", T, "patient, customer, mixed, unknown, none."),
        Column("p_patient", F, "Probability that the patient's hat is worn, 0 to 1."),
        Column("confidence", F, "How sure we are of the hat, 0 to 1."),
        Column("rule", T, "Key of the codebook's rule that decided (its words: codebook.toml)."),
        Column("overruled", B, "True when a member of staff overruled the codebook."),
        Column("view", T, "Whose view it is: self, family, representative, other."),
        Column("about_hat", T, "The hat of what it is about; engagement follows it."),
        Column("second_hat", T, "The hat of a second view in the same segment; null when there is one view."),
        Column("second_rule", T, "Rule that told the second view."),
        Column("vulnerable", B, "Marked vulnerable: may be worried, take time."),
        Column("urgent", B, "Red-flag words or distress: offer a nurse now."),
        Column("stakes", F, "How much is at stake, 0 to 1."),
        Column("acuity", N, "ESI 1 to 5 known at that time; null unknown."),
        Column("staff", T, "Reference of the main other person.", personal=ID),
        Column("wanted", T, "What was wanted: time, speed, or null when not known."),
        Column("wanted_from", T, "own_word, rule; where `wanted` comes from."),
        Column("time_wanted", F, "How much time is wanted, 0 (be quick) to 1 (take all the time)."),
        Column("clinician_minutes", F, "Given: minutes with clinicians."),
        Column("same_clinician", B, "Given: a clinician the person had seen before."),
        Column("contacts_given", N, "Given: contacts we made about the same matter within 7 days."),
        Column("steps", N, "Given: steps, transfers and hand-offs."),
        Column("repeats", N, "Given: times the same thing was asked again (safety questions never count)."),
        Column("sensitive", T, "Label that hides its kind from roles without that right; null when none."),
        Column("evidence", T, "full, no_zones, no_history, period_only, message, contact, bill, portal."),
    ),
)
VOICES = Table(
    "voices", "one row per survey answer or comment", ("voice",),
    (
        Column("voice", N, "Key of the answer or comment.", personal=ID),
        Column("kind", T, "answer or comment."),
        Column("source_id", T, "Source id.", personal=ID),
        Column("person", N, "Key of the person; null when nobody or two were found.", personal=ID),
        Column("visit", N, "Visit it is about; null when it cannot be told.", personal=ID),
        Column("interaction", N, "Interaction it is about; null when it cannot be told.", personal=ID),
        Column("unit", T, "Unit it is about."),
        Column("tied_to", T, "visit, unit, person or nobody."),
        Column("tied_by", T, "Rule that tied it."),
        Column("said_at", AT, "When it was said.", personal=DATE),
        Column("survey", T, "Instrument (answers)."),
        Column("item", T, "Item or question."),
        Column("value", T, "Answer as given (answers)."),
        Column("words", T, "What was written (comments).", personal=Personal.WORDS),
        Column("language", T, "Language."),
        Column("mode", T, "mail, phone, web, sms, desk."),
        Column("respondent", T, "self, family, proxy, other."),
        Column("hat", T, "Hat of the answer: the item's, or customer where a third person answers; null for comments:"
                         " their clauses have hats."),
        Column("view", T, "Whose view it is: self, family, representative, other; null when the respondent is not"
                          " understood."),
        Column("about_hat", T, "Hat of what the item asks about, by the item map in force; null for comments."),
        Column("moved_from", T, "Hat of the item by our own map, where the organisation's map says another."),
    ),
)
CLAUSES = Table(
    "clauses", "one row per clause of a comment, in the order written", ("clause",),
    (
        Column("clause", N, "Key: comment and place in it.", personal=ID),
        Column("voice", N, "Key of the comment.", personal=ID),
        Column("person", N, "Key of the person; null when nobody or two were found.", personal=ID),
        Column("clause_no", N, "1, 2, ... in the comment."),
        Column("start", N, "Where it begins in the comment, in characters from 0."),
        Column("words", T, "Its words; those of all clauses of a comment, joined, are the comment.",
               personal=Personal.WORDS),
        Column("masked", T, "Its words without people's names, dates, phone numbers, addresses and ids."),
        Column("hat", T, "patient, customer or none: the most probable, by whose view it is; a person's correction"
                         " wins."),
        Column("p_patient", F, "Probability of the patient's hat, 0 to 1."),
        Column("p_customer", F, "Probability of the customer's hat, 0 to 1."),
        Column("p_none", F, "Probability that no hat can be told, 0 to 1."),
        Column("certain", B, "False: not sure; it waits in the review queue."),
        Column("touchpoint", T, "What it is about: the most probable touchpoint (catalogue.toml)."),
        Column("touchpoint_2", T, "The second most probable touchpoint."),
        Column("touchpoint_3", T, "The third most probable touchpoint."),
        Column("p_touchpoint", F, "Probability of the first touchpoint, 0 to 1."),
        Column("sentiment", N, "-1 complaint or suggestion, 0 fact or mixed, 1 praise."),
        Column("speaker", T, "patient, family or other: who tells it."),
        Column("about_hat", T, "Hat of what it is about, whoever tells it; engagement follows it."),
        Column("urgent", T, "no, day (a human the same day) or now (a human within 15 minutes)."),
        Column("evidence", J, "The words that decided most."),
        Column("corrected", B, "True when a reader's correction decided."),
        Column("model_hat", T, "Hat by the model, before any correction."),
        Column("service", T, "Service or unit in the hospital's words."),
        Column("unit", T, "Unit it is about."),
        Column("said_at", AT, "When it was said.", personal=DATE),
        Column("visit", N, "Visit it is about; null when it cannot be told.", personal=ID),
        Column("interaction", N, "Moment it is about; null when it cannot be told.", personal=ID),
        Column("says_so", T, "Hat that it says was missed: patient (hurried), customer (asked too much)"
                             " (words/said_so.toml); null where it says neither."),
        Column("shown_to", T, "To whom the words may be shown without the name: staff (leaders too), leaders, nobody;"
                              " null where nobody asked, which is no yes."),
    ),
)
UNITS = Table(
    "units", "one row per unit of the organisation as it stands now", ("unit",),
    (
        Column("unit", T, "Unit id."),
        Column("name", T, "Current name."),
        Column("kind", T, "system, site, department, unit."),
        Column("parent", T, "Unit above."),
        Column("time_zone", T, "Time zone of its site."),
        Column("former_names", J, "Earlier names with their last day."),
        Column("merged_into", T, "Unit that took it over; null while it stands."),
        Column("path", T, "Names from the system down, joined by ' / '."),
        Column("facility_id", T, "CMS certification number, on what reports to CMS as one hospital, as the source wrote"
                                 " it."),
    ),
)
PLACES = Table(
    "places", "one row per location", ("place",),
    (
        Column("place", T, "Location id, or its name where the source gives no id."),
        Column("name", T, "Name."),
        Column("zone", T, "Zone in use."),
        Column("zone_from", T, "hospital (own table) or name (seeded by name) or unknown."),
        Column("unit", T, "Unit."),
        Column("segments", N, "Segments seen there in this release."),
    ),
)
DESK = Table(
    "desk", "one row per person expected or present on the release's day: only what a front desk may know", ("person",),
    (
        _PERSON,
        Column("given", T, "Name to call.", personal=Personal.NAME),
        Column("language", T, "Preferred language, two letters; null when not known."),
        Column("interpreter", B, "Interpreter required."),
        Column("hearing", B, "Hearing loss recorded."),
        Column("wheelchair", B, "Uses a wheelchair."),
        Column("companion", T, "Who came along, as the relationship was written; null when nobody is known of.",
               personal=Personal.WORDS),
        Column("unit", T, "Unit whose desk it is."),
        Column("expected_at", AT, "Time of the first appointment that day; null without one.", personal=DATE),
        Column("arrived_at", AT, "Start of the visit that day; null before it.", personal=DATE),
        Column("left_at", AT, "End of that visit; null while it lasts.", personal=DATE),
        Column("interaction", N, "Key of the latest moment of that visit; null before arrival.", personal=ID),
        Column("hat", T, "Hat of that moment; null before arrival."),
        Column("about_hat", T, "Hat of what it is about; null before arrival."),
        Column("rule", T, "Rule that decided it; null before arrival."),
        Column("vulnerable", B, "May be worried: take time."),
    ),
)
TOTALS = Table(
    "totals", "one row per unit, month, hat and kind", ("unit", "month", "hat", "kind"),
    (
        Column("unit", T, "Unit id; '' where no unit is known."),
        Column("month", T, "YYYY-MM of the start, in the site's time zone."),
        Column("hat", T, "Hat."),
        Column("kind", T, "segment or contact."),
        Column("interactions", N, "Interactions."),
        Column("people", N, "Distinct people (mergeable: people lie in one bucket each)."),
        Column("minutes", F, "Sum of minutes."),
        Column("timed", N, "Interactions with known minutes."),
        Column("minutes_squared", F, "Sum of squared minutes (for intervals), each of at most 100 days."),
        Column("waits", N, "Waits among them (wait, board, wait_to_leave)."),
        Column("wait_minutes", F, "Sum of wait minutes."),
        Column("wait_minutes_squared", F, "Sum of squared wait minutes (for intervals), each of at most 100 days."),
        Column("vulnerable", N, "Marked vulnerable."),
        Column("overruled", N, "Overruled by staff."),
    ),
)
REACH = Table(
    "reach", "one row per unit or unit above it, month or all months, and hat or any hat", ("unit", "month", "hat"),
    (
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation."),
        Column("month", T, "YYYY-MM of the start, in the site's time zone; '*' all months."),
        Column("hat", T, "Hat; '*' any."),
        Column("people", N, "Distinct people (mergeable: people lie in one bucket each)."),
    ),
)
FOLLOWS = Table(
    "follows", "one row per pair of touchpoints that follow each other in a person's journey", ("before", "after"),
    (
        Column("before", T, "Touchpoint."),
        Column("after", T, "The next touchpoint."),
        Column("times", N, "How often."),
        Column("gap_minutes", F, "Sum of minutes between start and next start."),
        Column("gap_histogram", J, "Log2 histogram of the gap in seconds, 16 bins an octave: {bin: count}."),
    ),
)
TURNS = Table(
    "turns", "one row per unit, month and pair of hats where journeys turn from one hat to the other",
    ("unit", "month", "from_hat", "to_hat", "from_touchpoint", "to_touchpoint"),
    (
        Column("unit", T, "Unit of the later interaction; '' where none."),
        Column("month", T, "YYYY-MM of the later interaction."),
        Column("from_hat", T, "Hat before."),
        Column("to_hat", T, "Hat after."),
        Column("from_touchpoint", T, "Touchpoint before."),
        Column("to_touchpoint", T, "Touchpoint after."),
        Column("times", N, "How often."),
        Column("people", N, "Distinct people."),
    ),
)
VARIANTS = Table(
    "variants", "one row per sequence of touchpoints that visits of one class went through", ("class_code", "path"),
    (
        Column("class_code", T, "Class of the visit."),
        Column("path", T, "Touchpoints in order, joined by ' > ', repeats folded."),
        Column("visits", N, "Visits that went this way."),
    ),
)
TIES = Table(
    "ties", "one row per feed or kind of record, what it was tied to, and the rule", ("feed", "tied_to", "tied_by"),
    (
        Column("feed", T, "contacts, surveys, comments; or a landed table of records about people: encounters, ..."),
        Column("tied_to", T, "visit, unit, person, nobody, two_people; no_record: a person whose record never came."),
        Column("tied_by", T, "The rule or identifier that tied it."),
        Column("rows", N, "Rows."),
    ),
)
COVERAGE = Table(
    "coverage", "one row per month and kind of evidence", ("month", "evidence"),
    (
        Column("month", T, "YYYY-MM."),
        Column("evidence", T, "What the source told: full, no_zones, no_history, period_only, ..."),
        Column("interactions", N, "Interactions."),
        Column("unknown", N, "Of them with hat unknown."),
    ),
)
RULES_USED = Table(
    "rules_used", "one row per rule of the codebook", ("rule", "hat"),
    (
        Column("rule", T, "Rule key."),
        Column("hat", T, "Hat it gives, before anybody overrules it."),
        Column("interactions", N, "Interactions it decided."),
        Column("overruled", N, "Of them overruled by staff (shown per rule, never per clerk)."),
    ),
)
AGREEMENT = Table(
    "agreement", "one row per cut of the people", ("cut", "value"),
    (
        Column("cut", T, "language, age_band, portal."),
        Column("value", T, "Value of the cut."),
        Column("interactions", N, "Interactions."),
        Column("unknown", N, "Of them with hat unknown."),
        Column("confidence", F, "Sum of confidence."),
    ),
)
HEARD = Table(
    "heard", "one row per unit or unit above it, month or all months, hat or any hat, and touchpoint or any touchpoint",
    ("unit", "month", "hat", "touchpoint"),
    (
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation."),
        Column("month", T, "YYYY-MM in which it was said, in the site's time zone; '*' all months."),
        Column("hat", T, "Hat of the clause; '*' any."),
        Column("touchpoint", T, "Touchpoint of the clause; '*' any."),
        Column("people", N, "Distinct people; a comment of which nobody was found counts as one."),
        Column("clauses", N, "Clauses."),
        Column("praise", N, "Of them praise."),
        Column("complaints", N, "Of them complaints or suggestions."),
        Column("unsure", N, "Of them not sure."),
    ),
)
DRIFT = Table(
    "drift", "one row per service and month in which comments were written", ("service", "month"),
    (
        Column("service", T, "Service or unit in the hospital's words; '' where none is told."),
        Column("month", T, "YYYY-MM in which it was said; '' where no date is told."),
        Column("people", N, "Distinct people; a comment of which nobody was found counts as one."),
        Column("clauses", N, "Clauses."),
        Column("unsure", N, "Of them not sure."),
        Column("patient", N, "Of them with the patient's hat."),
        Column("customer", N, "Of them with the customer's hat."),
        Column("praise", N, "Of them praise."),
        Column("complaints", N, "Of them complaints or suggestions."),
        Column("corrected", N, "Of them read and labelled by a person."),
        Column("overturned", N, "Of those, where the person said another hat than the model."),
        Column("confidence", F, "Sum of the probability of the most probable hat."),
    ),
)

MEASURED = Table(
    "measured", "one row per process measure and thing it measures: a booking, call, visit, question or person's month",
    ("measure", "thing"),
    (
        Column("measure", T, "Measure (words/measures.toml: its hat, unit, numerator, denominator and direction)."),
        Column("thing", T, "Source id of what was measured, such as Appointment/123; person and month for a month.",
               personal=ID),
        Column("person", N, "Key of the person.", personal=ID),
        Column("unit", T, "Unit id."),
        Column("happened_at", AT, "When it began; for a person's month its middle.", personal=DATE),
        Column("part", B, "Shares: whether it came about."),
        Column("amount", N, "Times in seconds; means and numbers of contacts in thousandths."),
        Column("ended", T, "Times: done, other (something else came first, such as leaving unseen) or open."),
        Column("payer", T, "Who paid for the person then (words/payers.toml): public, private, liability, self, several"
                           " (of the first three) or unknown."),
    ),
)
WRONG_HAT = Table(
    "wrong_hat", "one row per contact in which a hat could be missed: a visit's care, or a dealing with us",
    ("interaction",),
    (
        Column("interaction", N, "Key of the interaction (interactions).", personal=ID),
        Column("person", N, "Key of the person.", personal=ID),
        Column("unit", T, "Unit id."),
        Column("happened_at", AT, "When it began.", personal=DATE),
        Column("act", T, "What was being done (acts.toml)."),
        Column("hat", T, "Hat worn: patient or customer; mixed and unknown ones are never judged."),
        Column("time_wanted", F, "How much time was wanted, 0 to 1: at least .6 for a patient, at most .4 for a"
                                 " customer."),
        Column("flagged", B, "Whether the hat was missed: a patient hurried, a customer over-engaged; null with"
                             " fewer than two things known of what was given."),
        Column("criterion", T, "The first criterion that was met (words/wrong_hat.toml)."),
    ),
)
RECEIVED = Table(
    "received", "one row per visit that is over: what was met as a customer, and what of the care was received",
    ("visit",),
    (
        Column("visit", N, "Key of the visit.", personal=ID),
        Column("person", N, "Key of the person.", personal=ID),
        Column("unit", T, "Unit id."),
        Column("class_code", T, "Class of the visit (AMB, EMER, IMP, VR)."),
        Column("ended_at", AT, "When it ended.", personal=DATE),
        Column("waited_minutes", F, "Minutes waited in the customer's hat; null where no wait is told."),
        Column("asked_too_much", B, "Whether a dealing of the visit bears a sign of too much asked (wrong_hat); null"
                                    " where none could be judged."),
        Column("taught", B, "Whether something was taught."),
        Column("said_back", B, "Whether it was asked to be said back (teach-back)."),
        Column("understood", B, "Whether it was said back rightly in the end; null where it was not asked."),
        Column("no_question_after", B, "Whether no clinical question came within 72 hours; null where nothing was"
                                       " taught."),
        Column("medicines_fetched", B, "Whether every new medicine of the visit was fetched within 14 days; null where"
                                       " there was none."),
        Column("next_visit_kept", B, "Whether the next visit booked within 120 days was kept; null where there was"
                                     " none."),
    ),
)
SERVED = Table(
    "served", "one row per visit or call in which a hat could be missed: how it was served, and what came of it",
    ("thing",),
    (
        Column("thing", N, "Key of the visit, or of the call outside visits.", personal=ID),
        Column("visit", N, "Key of the visit; null outside visits.", personal=ID),
        Column("person", N, "Key of the person.", personal=ID),
        Column("unit", T, "Unit id."),
        Column("kind", T, "Class of the visit (AMB, EMER, IMP, VR); call outside visits."),
        Column("happened_at", AT, "When the first contact of it began.", personal=DATE),
        Column("over_at", AT, "When it was over.", personal=DATE),
        Column("customer", T, "How the customer's hat was served: as_wished, over_engaged (a sign of too much asked),"
                              " open (too little is known), null where none was worn."),
        Column("patient", T, "How the patient's hat was served: as_wished, hurried (a sign of it), open, null."),
        Column("time_wanted", B, "Whether much time was wanted in one of its contacts (at least .6)."),
        Column("instrument", T, "Instrument of the rating; null where nobody rated it."),
        Column("points", N, "Rating of the whole by the person or who speaks for them, thousandths of 0 to 100."),
        Column("left_at", AT, "First sign that the person goes elsewhere, where this was the last before it"
                              " (words/leaving.toml); null where there is none.", personal=DATE),
        Column("died_soon", B, "Whether the person died before it could be known: nobody is asked whether they left."),
    ),
)
HAND_OFFS = Table(
    "hand_offs", "one row per hand-off to what comes next, met or not", ("hand_off",),
    (
        Column("hand_off", N, "Key: kind and source id of what started it.", personal=ID),
        _PERSON,
        Column("kind", T, "Kind, and the list of those who did not arrive (words/hand_offs.toml)."),
        Column("hat", T, "Which side the next step is on: patient, customer or mixed."),
        Column("unit", T, "Unit in which it began."),
        Column("resource", T, "Source id of what started it, such as ServiceRequest/123.", personal=ID),
        Column("started_at", AT, "When it began.", personal=DATE),
        Column("due_at", AT, "By when it should have been met.", personal=DATE),
        Column("met_at", AT, "When what closes it came; null while it has not.", personal=DATE),
        Column("state", T, "met; open: its clock still runs; lost: its clock ran out; ended: the person died first."),
        Column("sensitive", T, "Label that hides it from roles without that right; null when none."),
    ),
)
BY_PERSON: tuple[Table, ...] = (PEOPLE, VISITS, ADDRESSES, STOPS, INTERACTIONS, VOICES, CLAUSES, DESK, MEASURED,
                                WRONG_HAT, RECEIVED, SERVED, HAND_OFFS)
"""Built bucket by bucket."""
MEASURES = Table(
    "measures", "one row per process measure, unit or unit above it, and month, quarter or year",
    ("measure", "unit", "period"),
    (
        Column("measure", T, "Measure (words/measures.toml: its hat, unit, numerator, denominator and direction)."),
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation; with '!' at its end without"
                          " what lies below ('*!': no unit known)."),
        Column("period", T, "YYYY-MM, YYYY-Qn or YYYY, in the site's time zone."),
        Column("times", N, "Things measured: the denominator."),
        Column("people", N, "Distinct people behind them (mergeable: people lie in one bucket each); of open slots the"
                            " clinicians whose calendars they are."),
        Column("part", N, "Those that came about: the numerator of a share; 0 where the measure is none."),
        Column("people_with", N, "Distinct people of whom one came about."),
        Column("people_without", N, "Distinct people of whom one did not come about."),
        Column("amount", N, "Sum of amounts in seconds or thousandths, each of at most 100 days; 0 for shares."),
        Column("amount_squared", N, "Sum of their squares (for intervals)."),
    ),
)
SPREADS = Table(
    "spreads", "one row per process measure of time, unit or unit above it, period and way it ended",
    ("measure", "unit", "period", "ended"),
    (
        Column("measure", T, "Measure (words/measures.toml)."),
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation."),
        Column("period", T, "YYYY-Qn or YYYY; for the whole organisation YYYY-MM too."),
        Column("ended", T, "done, other (something else came first, such as leaving unseen) or open."),
        Column("times", N, "How often."),
        Column("histogram", J, "Log2 histogram of the amount, 16 bins an octave, -1 for nothing: {bin: count}; of what"
                               " is open {day it began, counted from 1970: count}."),
    ),
)
ASKED = Table(
    "asked", "one row per year, cut and its value: who was asked for an opinion, and who is heard",
    ("year", "cut", "value"),
    (
        Column("year", T, "YYYY in which the request was sent, in the site's time zone."),
        Column("cut", T, "all, language (of the person), age (band), channel or sender (of the request)."),
        Column("value", T, "The language, age band, channel or sender; '*' for all."),
        Column("asked", N, "Requests sent."),
        Column("people", N, "Distinct people they were sent to (mergeable: people lie in one bucket each)."),
        Column("delivered", N, "Requests that did not bounce."),
        Column("people_reached", N, "Distinct people to whom one did not bounce."),
        Column("answered", N, "Requests answered within 30 days."),
        Column("people_answered", N, "Distinct people who answered one."),
        Column("people_silent", N, "Distinct people who got one and did not answer it."),
    ),
)
CUTS = Table(
    "cuts", "one row per measure, year, cut and its value, of the whole organisation",
    ("measure", "year", "cut", "value"),
    (
        Column("measure", T, "Measure (words/measures.toml), what people answered too."),
        Column("year", T, "YYYY, in the site's time zone."),
        Column("cut", T, "language (of the person), age (band, at the release's day), payer (when it happened) or"
                         " area (where the person lives)."),
        Column("value", T, "The language, age band, kind of payer, or first three digits of the ZIP code; unknown."),
        Column("times", N, "Things measured: the denominator."),
        Column("people", N, "Distinct people behind them (mergeable: people lie in one bucket each)."),
        Column("part", N, "Those that came about: the numerator of a share; 0 where the measure is none."),
        Column("people_with", N, "Distinct people of whom one came about."),
        Column("people_without", N, "Distinct people of whom one did not come about."),
        Column("amount", N, "Sum of amounts in seconds or thousandths, each of at most 100 days; 0 for shares."),
        Column("amount_squared", N, "Sum of their squares (for intervals)."),
    ),
)
CUT_SPREADS = Table(
    "cut_spreads", "one row per measure of time, year, cut, its value, and way it ended",
    ("measure", "year", "cut", "value", "ended"),
    (
        Column("measure", T, "Measure (words/measures.toml)."),
        Column("year", T, "YYYY, in the site's time zone."),
        Column("cut", T, "language, age, payer or area, as in cuts."),
        Column("value", T, "The value of the cut."),
        Column("ended", T, "done, other (something else came first, such as leaving unseen) or open."),
        Column("times", N, "How often."),
        Column("histogram", J, "As in spreads: {bin: count}; of what is open {day it began: count}."),
    ),
)
COMPOSITES = Table(
    "composites", "one row per official composite of a survey, unit or unit above it, quarter or year, and item",
    ("composite", "unit", "period", "item"),
    (
        Column("composite", T, "Official composite (words/instruments.toml), its instrument before it."),
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation; with '!' at its end without"
                          " what lies below ('*!': no unit known)."),
        Column("period", T, "YYYY-Qn or YYYY in which it was answered, in the site's time zone."),
        Column("item", T, "Item of the composite; '*' all of them."),
        Column("forms", N, "Forms on which it was answered, by the person or for them."),
        Column("people", N, "Distinct people behind them (mergeable: people lie in one bucket each)."),
        Column("answers", N, "Answers."),
        Column("top", N, "Of them in the best box."),
        Column("middle", N, "Of them in neither the best nor the worst box, or a code that only counts."),
        Column("bottom", N, "Of them in the worst box."),
        Column("people_top", N, "Distinct people with an answer in the best box."),
        Column("people_middle", N, "Distinct people with an answer in between."),
        Column("people_bottom", N, "Distinct people with an answer in the worst box."),
        Column("people_not_top", N, "Distinct people with an answer that is not in the best box."),
        Column("points", N, "Sum of the answers in thousandths of points of 0 (worst) to 100 (best)."),
        Column("points_squared", N, "Sum of their squares (for intervals)."),
    ),
)
CASE_MIX = Table(
    "case_mix", "one row per official composite, unit and year: its mean adjusted for who answered and how",
    ("composite", "unit", "year"),
    (
        Column("composite", T, "Official composite (words/instruments.toml), its instrument before it."),
        Column("kind", T, "Kind of the unit, against whose other units it is adjusted: system, site or department."),
        Column("unit", T, "Unit id, all below it counted in."),
        Column("year", T, "YYYY in which it was answered, in the site's time zone."),
        Column("units", N, "Units of the model: those of the kind with at least 11 people."),
        Column("forms", N, "Forms on which it was answered, by the person or for them."),
        Column("people", N, "Distinct people behind them."),
        Column("unadjusted", F, "Mean of 0 to 100 as answered; an item that the unit lacks is taken at its level."),
        Column("adjusted", F, "The mean adjusted by the CAHPS Analysis Program's method (4.1c), units' effects fixed;"
                              " null with a reason in why_not."),
        Column("low", F, "Lower end of its 95 % interval, given the coefficients, counting people instead of forms;"
                         " null where all answered alike."),
        Column("high", F, "Upper end."),
        Column("adjusters", T, "What it is adjusted for (words/instruments.toml), a blank between."),
        Column("not_known", T, "What the instrument adjusts for and this is not: known of too few forms, or all"
                               " alike within units."),
        Column("why_not", T, "'' adjusted; few (fewer than 11 people), one_unit (no other has 11), no_adjusters,"
                             " not_known (an adjuster is known of none of its forms, or of none of the others')."),
    ),
)
ANSWERED_HOW = Table(
    "answered_how", "one row per instrument, unit or unit above it, period, cut and value: how forms were answered",
    ("score", "unit", "period", "cut", "value"),
    (
        Column("score", T, "Instrument (words/instruments.toml); with _family at its end what relatives say."),
        Column("unit", T, "Unit id, all below it counted in; '*' the whole organisation; with '!' at its end without"
                          " what lies below ('*!': no unit known)."),
        Column("period", T, "YYYY-MM, YYYY-Qn or YYYY in which it was answered, in the site's time zone."),
        Column("cut", T, "all, mode, language or respondent."),
        Column("value", T, "The mode or language; self or proxy (for the person); '*' for all."),
        Column("forms", N, "Forms answered."),
        Column("people", N, "Distinct people behind them (mergeable: people lie in one bucket each)."),
    ),
)
SAID_SO = Table(
    "said_so", "one row per hat, whether a sign of the wrong one was seen, and whether the person says so",
    ("hat", "sign", "said"),
    (
        Column("hat", T, "patient or customer."),
        Column("sign", B, "Whether the visit or call bears a sign that the hat was missed (served)."),
        Column("said", B, "Whether the person says so: an answer, or words of their own (words/said_so.toml)."),
        Column("times", N, "Visits and calls of which both are known."),
        Column("people", N, "Distinct people behind them (mergeable: people lie in one bucket each)."),
    ),
)
DRIVERS = Table(
    "drivers", "one row per instrument, year and part of its model of drivers: an item, a hat's items, or all",
    ("instrument", "year", "part", "driver"),
    (
        Column("instrument", T, "Version of a survey (words/instruments.toml) that asks for a rating of the whole."),
        Column("year", T, "YYYY in which the form was answered, in the site's time zone."),
        Column("part", T, "item, hat (its items together) or all; association with the rating, not effect."),
        Column("driver", T, "Key of the item, or the hat; '' for all. The rating of the whole and official composites"
                            " are never among the drivers."),
        Column("hat", T, "Hat of the item by the map in force; '' for all."),
        Column("share", F, "Share of R² (LMG, Shapley) of the rating of the whole; items add up to their hat, hats to"
                           " all, which is R²."),
        Column("low", F, "Lower end of its 95 % interval: people drawn anew by lots, 200 times, seed 1."),
        Column("high", F, "Upper end."),
        Column("of_hat", F, "Items: the share out of what its hat's items have together."),
        Column("of_hat_low", F, "Lower end of its 95 % interval."),
        Column("of_hat_high", F, "Upper end."),
        Column("correlation", F, "Items: the correlation with the rating of the whole."),
        Column("answers", N, "Complete forms, to the 25 below; no row with fewer than 100 of 100 people."),
        Column("people", N, "Distinct people who filled them in, to the 25 below."),
    ),
)
TOTALLED: tuple[Table, ...] = (TOTALS, REACH, FOLLOWS, TURNS, VARIANTS, TIES, COVERAGE, RULES_USED, AGREEMENT,
                               HEARD, DRIFT, MEASURES, SPREADS, ASKED, DRIVERS, COMPOSITES,
                               ANSWERED_HOW, CASE_MIX, CUTS, CUT_SPREADS, SAID_SO)
"""Partial sums per bucket, merged by adding."""
STANDING = Table(
    "standing", "one row per public HCAHPS measure, hospital of ours and period of a public file",
    ("measure", "unit", "first_day", "last_day"),
    (
        Column("measure", T, "Column of the public file: the best answers of an official measure."),
        Column("unit", T, "Unit id of our hospital: the one with that CMS certification number."),
        Column("first_day", T, "First day of the period, as the file writes it."),
        Column("last_day", T, "Last day of the period."),
        Column("value", F, "Our hospital's share of best answers in the file, 0 to 100."),
        Column("completes", N, "Completed surveys behind it."),
        Column("response_rate", F, "Response rate, 0 to 100; null where not given."),
        Column("hospitals", N, "Hospitals with at least 100 completed surveys and a number, ours among them."),
        Column("below", N, "Of them with a lower number."),
        Column("alike", N, "Of them with the same number, ours among them."),
        Column("lower_quarter", F, "A quarter of the hospitals lie at or under this."),
        Column("middle", F, "Half of them."),
        Column("upper_quarter", F, "Three quarters."),
        Column("lowest", F, "The lowest of them."),
        Column("highest", F, "The highest."),
    ),
)
TOGETHER = Table(
    "together", "one row per thing met as a customer and thing received of the care", ("received", "met"),
    (
        Column("met", T, "asked_too_much (a sign of it at the visit) or half_hours_waited."),
        Column("received", T, "understood, no_question_after, medicines_fetched or next_visit_kept (table received)."),
        Column("way", T, "within (the same person's visits compared), means (persons' means held constant: an"
                         " association) or untold (fewer than 50 people, or it varies in fewer than 11)."),
        Column("visits", N, "Visits compared."),
        Column("people", N, "People behind them."),
        Column("telling", N, "People of whom one visit had it and another had not: they alone tell it."),
        Column("points", F, "By how many of a hundred visits more or fewer have it received, for one more met."),
        Column("low", F, "Lower end of the 95 % interval, errors clustered by person."),
        Column("high", F, "Upper end."),
        Column("robustness", F, "Share of what is left on both sides that something unseen must explain to make it"
                                " nought (Cinelli and Hazlett)."),
        Column("placebo", F, "The same for what was met at the next visit, which cannot have changed this one."),
        Column("placebo_low", F, "Lower end of its 95 % interval."),
        Column("placebo_high", F, "Upper end."),
    ),
)
PRICES = Table(
    "prices", "one row per outcome and way of being served in the wrong hat: what it went together with",
    ("outcome", "wrong"),
    (
        Column("outcome", T, "satisfaction (points of 100) or leaving (people of 100)."),
        Column("wrong", T, "over_engaged (a customer asked too much) or hurried (a patient given too little time)."),
        Column("instrument", T, "Instrument whose rating of the whole it is; null for leaving."),
        Column("way", T, "within (the same person's visits and calls compared), between (those of the same kind and"
                         " month), or why nothing is told: not_looked_at (fewer than 100 sides looked at by people),"
                         " few_people (fewer than 50 tell it), not_told_apart (what is told says too little)."),
        Column("rows", N, "Visits and calls compared."),
        Column("people", N, "People behind them."),
        Column("telling", N, "People who met it at one time and not at another: they alone tell it."),
        Column("labelled", N, "Sides of visits and calls that people looked at."),
        Column("told_rightly", F, "Share of all sides that are told as people found them; null until some of each kind"
                                  " were looked at."),
        Column("points", F, "By how much the outcome differs where it was met, corrected for what is told wrongly."),
        Column("low", F, "Lower end of the 95 % interval, errors clustered by person, the sample's smallness in it."),
        Column("high", F, "Upper end."),
        Column("as_told", F, "The same without correction."),
        Column("as_told_low", F, "Lower end of its 95 % interval."),
        Column("as_told_high", F, "Upper end."),
        Column("robustness", F, "Share of what is left on both sides that something unseen must explain to make it"
                                " nought (Cinelli and Hazlett)."),
        Column("placebo", F, "The same, as told, of the person's next visit or call, which cannot have changed this."),
        Column("placebo_low", F, "Lower end of its 95 % interval."),
        Column("placebo_high", F, "Upper end."),
    ),
)
WHOLE: tuple[Table, ...] = (UNITS, PLACES, STANDING, TOGETHER, PRICES)
"""Small tables made once a release."""
RELEASED: tuple[Table, ...] = (*BY_PERSON, *TOTALLED, *WHOLE)

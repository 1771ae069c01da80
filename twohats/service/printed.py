"""python -m twohats.service.printed: prints who may see what, every setting, and what machines may tell us."""

import sys
from pathlib import Path

from twohats.service.api.fields import FIELDS, REPORT_FIELDS
from twohats.service.configuration import SETTINGS
from twohats.service.policy import TABLE, Permission, Role, Thing, permissions_of
from twohats.words.acts import acts
from twohats.words.desk import questions

DOCS = Path(__file__).resolve().parents[2] / "docs" / "facts"
MADE = "<!-- Made by python -m twohats.service.printed; a test holds it to the code. -->"


def who_may_see_what() -> str:
    """The policy table, what each role may do in sentences, and the rules that hold for all."""
    things = list(Thing)
    words = {(cell.role, cell.thing): cell.words for cell in TABLE}
    lines = [
        "# Who may see what", "", MADE, "",
        "A role is held in a unit of the tree and counts there and in all units below it. What is not in the table is "
        "refused. Somebody without a role sees nothing of anybody.", "",
        "| role | " + " | ".join(thing.value for thing in things) + " |", "|---" * (len(things) + 1) + "|",
        *(f"| {_named(role)} | " + " | ".join(words.get((role, thing), "none") for thing in things) + " |"
          for role in Role),
        "", "## What each role may do", "",
    ]
    for role in Role:
        held = [permission for permission in Permission if permission in permissions_of(role)]
        said = [f"- {permission.sentence}" for permission in held] or ["- Nothing yet: no page is addressed to it."]
        lines += [f"**{_named(role)}** (`--role {role.value}`)", *said, ""]
    return "\n".join([*lines, *RULES]) + "\n"


RULES = (
    "## What holds for everybody", "",
    "- A page that none of your roles opens answers 403 and says so. A thing outside your units answers 404, word for "
    "word as if it did not exist. Both leave a trace.",
    "- A person belongs to your units when something of theirs happened there; their whole journey is then one.",
    "- A table without units and people (such as how often one touchpoint follows another) is the whole "
    "organisation's: only a role held in all of it opens its rows.",
    "- A segment that carries a security label keeps its time and loses its kind for every role without that right, "
    "on pages and in files alike. What was said about it is hidden with it: a comment whole, if one clause of it tells "
    "of something hidden.",
    "- On a journey, words are whole, without what is personal, or told by their labels alone, as the row *comments* "
    "says; who sees no names never sees them whole.",
    "- The hospital adds touchpoints and units of its own that are hidden in the same way (*Audit*, *Which kinds are "
    "hidden*); it holds from the next page on.",
    "- A clause of a comment about a visit that carries a label, or about a unit or touchpoint that the hospital "
    "hides, is offered to no reader of comments without that right.",
    "- Break-glass: what is hidden opens for one hour to one person, with a reason of 15 characters or more. Every "
    "look in that hour leaves a trace, and an administrator who is not the same person reviews it.",
    "- What a line of a source file holds is shown to an administrator who broke the glass for that file, to nobody "
    "else.",
    "- Who sees only what is disclosed of comments sees those of a unit and a month in which 11 people or more spoke; "
    "smaller ones with those of the quarter, the year or the unit above, or not at all. A search that fewer than 11 "
    "people answer lists nothing. Counts of people that a search found are told in round numbers to everybody.",
    "- Praise that was passed on to somebody is shown to them and to who passed it on, to nobody else.",
    "- Front-desk cards are read from a table that holds no clinical column.",
)


def _named(role: Role) -> str:
    return role.value.replace("_", " ")


def settings() -> str:
    """Every setting: name, default, meaning."""
    lines = ["# Settings", "", MADE, "", "All are read from the environment; nothing else is.", "",
             "| name | default | meaning |", "|---|---|---|"]
    for one in SETTINGS:
        default = f"`{one.default}`" if one.default else "empty"
        lines.append(f"| `{one.name}` | {default} | {one.meaning} |")
    return "\n".join([*lines, "", "## Files of the service in a home", "", *FILES]) + "\n"


FILES = (
    "| file | what it is |", "|---|---|",
    "| `secret_key` | the key that signs log-ins and forms; readable by its owner only; keep it out of backups that "
    "others read |",
    "| `records.sqlite` | what your people write, and the audit (unless PostgreSQL is set) |",
    "| `records_export/*.ndjson` | what your people wrote, one line each, for the next release; append-only |",
    "| `audit_heads.ndjson` | the newest seal of the audit, one line a block; copy it to another machine each day |",
    "| `demo.json` | marks the demo hospital's home: it refuses real data and answers only on its own machine |",
)


def live_events() -> str:
    """The fields of a live event, the answers, and the words that some of them hold."""
    lines = ["# Live events", "", MADE, "",
             "`POST /api/events` takes one interaction as a JSON object. How to send: "
             "[send live events](../tasks/send-live-events.md).", "",
             "| field | needed | holds | meaning |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {'yes' if field.needed else 'no'} | {field.says} | {field.meaning} |"
              for name, field in FIELDS.items()]
    lines += ["", *ANSWERS, "", "## Acts", "", ", ".join(f"`{act.key}`" for act in acts()) + ".",
              "Their touchpoints: [touchpoints](touchpoints.md).", "", "## Questions of a desk", "",
              "For `answered` and `missing`. The card never says *do not ask again* of the kinds identity and safety, "
              "and leaves safety to clinicians. In an emergency department no word of money stands on it before "
              "`screening_recorded` is true (42 CFR 489.24(d)(4)).", "", "| question | kind | on the card |",
              "|---|---|---|"]
    lines += [f"| `{one.key}` | {one.kind} | {one.text.en} |" for one in questions().values()]
    return "\n".join(lines) + "\n"


ANSWERS = (
    "A field that is not in this list is refused: a misspelt `distress` must not be lost unseen. `null` is the same as "
    "a field left out: not known.", "", "## Answers", "", "| status | when |", "|---|---|",
    "| 202 | it is kept, for good: `id`, `received_at`, `hat`, `rule`, and a `note` where it could be tied to nobody. "
    "The same event again gets the same answer and is kept once |",
    "| 400 | the body is not one strict JSON object: a key twice, NaN, bad UTF-8, a field we do not know |",
    "| 401 | the token or the signature is missing, wrong, more than 5 minutes old, or taken back |",
    "| 405 | not sent with POST |",
    "| 409 | another event with this id was taken before; the first is kept (`sent_at` may differ) |",
    "| 413 | longer than 64 KiB |",
    "| 422 | a field does not hold what it should, or lies more than 5 minutes ahead of our clock |",
    "", "All but 202 say in `problem`, `where` and `try` what to mend, and nothing was kept.",
)


def delivery_reports() -> str:
    """The fields of a report on a message, what is done with it, and the answers."""
    lines = ["# Delivery reports", "", MADE, "",
             "`POST /api/reports` takes what became of one message to a person, as a JSON object, signed as "
             "[live events](live-events.md) may be. How to connect a provider: "
             "[write to people](../tasks/write-to-people.md).", "",
             "| field | needed | holds | meaning |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {'yes' if field.needed else 'no'} | {field.says} | {field.meaning} |"
              for name, field in REPORT_FIELDS.items()]
    return "\n".join([*lines, "", *DONE]) + "\n"


DONE = (
    "| says | what is done |", "|---|---|",
    "| delivered | stands in the ledger; an address that had bounced works again; a call or letter in somebody's hands "
    "is done |",
    "| bounced | the address takes nothing more (texts, mails and automated calls), until it takes something again or "
    "the hospital has another; what waits for it ends. Only a digest of the address is kept |",
    "| failed | stands in the ledger; shown under *came back, or did not arrive* |",
    "| opted_out | STOP: the class of the message, and of those it carried, ends on every channel at once, for "
    "everybody who is reached there |",
    "| answered | stands in the ledger; a call in somebody's hands is done; a reply that says STOP is one |",
    "", "## Answers", "", "| status | when |", "|---|---|",
    "| 202 | it is kept and done, for good: `id`, `says`, `received_at`. The same report again gets the same answer "
    "and is taken once |",
    "| 400 | the body is not one strict JSON object, or holds a field we do not know |",
    "| 401 | the signature is missing, wrong, more than 5 minutes old, or taken back |",
    "| 404 | no message of ours is meant |", "| 405 | not sent with POST |",
    "| 409 | another report with this id was taken before; the first is kept |", "| 413 | longer than 64 KiB |",
    "| 422 | a field does not hold what it should, or lies more than 5 minutes ahead of our clock |",
    "", "All but 202 say in `problem`, `where` and `try` what to mend, and nothing was kept. No answer says a word of "
    "anybody.",
)
PAGES = {"who-may-see-what.md": who_may_see_what, "settings.md": settings, "live-events.md": live_events,
         "delivery-reports.md": delivery_reports}


def main() -> int:
    """Writes the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())

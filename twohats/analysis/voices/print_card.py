"""Prints docs/facts/comment-model.md, the card of the shipped model: python -m twohats.analysis.voices.print_card"""

import json
from pathlib import Path

from .reading import SETTINGS_FILE, fingerprint, shipped_folder

CARD = Path("docs/facts/comment-model.md")
FIGURES_FILE = "figures.json"

ABOUT = """# The model that reads comments

Printed by `python -m twohats.analysis.voices.print_card`; do not edit by hand.

It tells of every clause of a comment which hat it wears, what it is about (28 touchpoints), its tone and who
speaks, with
the words that decided. It ships with the package as numbers (`.npz` without pickle, and JSON), needs numpy alone
and no
network, and is trained by `twohats train-comments --data DIR`, always to the same bytes on the same machine.

| | |
|---|---|
| fingerprint (SHA-256 over its files) | `{fingerprint}` |
| networks | {networks} |
| words known | {words} |
| size on disk, with what training needs | {size} MB |

## What it is
Words have vectors; three neighbouring words make a feature; the strongest and the mean features of the clause and
of the
whole comment, with service and kind of question, go through one hidden layer. A Spanish comment is read word by
word as
English (`spanish.txt`, by hand). A word that is not known is read as the known word one slip away. The speaker is
told once
for the whole comment: what family and others say is the customer's view, and `about_hat` keeps what it is about;
who answers
for the patient stands in the patient's place. Where the codebook rules otherwise than the annotation guide,
`codebook_view.py` says so afterwards. The themes of a
whole comment are told by the networks and, beside them, by a linear reader of its words, pairs of words and parts of
words (`themes.npz`). Below a share of {sure} the hat is "not sure".

## What it learned from
| data | what | licence |
|---|---|---|
| public NHS comments (pxtextmining) | 4,998 read segments; 16,089 coded comments | MIT, (c) 2021 NHS England (below) |
| US consumer complaints on medical bills (CFPB) | 51, unread: measured, not learned from | US federal public data |
| written US-style and Spanish segments, phrases | segments not marked `test`, phrases by hand | CC0, ours |
| a teacher's opinions (`teacher.npz`) | probabilities by hash of the public text; no text | ours |
| word vectors (`vectors.npz`) | from multilingual-e5-small (MIT) and all-MiniLM-L6-v2 (Apache-2.0) | as those |

The teacher is the mean of two fine-tuned all-mpnet-base-v2 (Apache-2.0) and one multilingual-e5-small (MIT), first
tuned to
the human themes, then to the read segments. It does not ship. For each fold of the figures below a teacher that
never saw
the fold was used.

## How right it is
Only comments that nobody trained on: five folds by respondent with copies and near copies kept together, and a
sixth part
held out (`hat_segments.csv` and the written segments marked `test`). Printed by `python -m
benchmarks.comments_accuracy`;
intervals 95 %, comments drawn again (Wilson for shares of complaints). Two readers agree in .96 (hat), .88
(touchpoint), .97
(sentiment) of clauses. The shipped model has learned from all folds, so it may be a little better.
"""
LIMITS = """
## Limits
- One reader labelled most segments; the written ones were labelled by their writer and are cleaner than what people
write.
- The NHS comments come from few trusts: ambulances, 111, patient transport, mental health, some acute wards; bills,
  insurance, portals and prescriptions are known from written examples only, and those figures are lower.
- Spanish is read word by word through a list; words that are not in it are read as unknown.
- A touchpoint with few read clauses (portal, check-in, prescriptions, discharge) is told less surely; look at its n
above.
- It tells of what is written, not of whether it happened. Danger is not its matter: urgent words are found apart
from it.

## The MIT notice of the public comments
Copyright (c) 2021 NHS England. Permission is hereby granted, free of charge, to any person obtaining a copy of this
software
and associated documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above
copyright notice
and this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS
PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def card(folder: Path) -> str:
    """The card of the model in that folder."""
    settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
    told = json.loads((folder / FIGURES_FILE).read_text("utf-8"))
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1_000_000
    about = ABOUT.format(
        fingerprint=fingerprint(folder),
        networks=settings["networks"],
        words=f"{len(settings['words']):,}",
        size=f"{size:.1f}",
        sure=settings["sure"],
    )
    return (
        about + _figures(told["figures"]) + _confusion(told["confusion"]) + _touchpoints(told["touchpoints"]) + LIMITS
    )


def _figures(figures: list[dict[str, object]]) -> str:
    rows = ["", "| of | figure | value | interval | n |", "|---|---|---|---|---|"]
    rows += [
        f"| {one['part']} | {one['what']} | {one['value']:.3f} | {one['low']:.3f} to {one['high']:.3f} | {one['n']} |"
        for one in figures
    ]
    return "\n".join(rows) + "\n"


def _confusion(rows: dict[str, list[int]]) -> str:
    told = ["", "Confusion of the hat, NHS clauses, five folds:", "", "| read | told " + " | told ".join(rows) + " |"]
    told += ["|---" * (len(rows) + 1) + "|"]
    told += [f"| {name} | " + " | ".join(str(count) for count in counts) + " |" for name, counts in rows.items()]
    return "\n".join(told) + "\n"


def _touchpoints(rows: dict[str, list[str]]) -> str:
    told = ["", "F1 of each touchpoint (n read), five folds:", "", "| touchpoint | NHS | written |", "|---|---|---|"]
    told += [f"| {name} | {nhs} | {written} |" for name, (nhs, written) in rows.items()]
    return "\n".join(told) + "\n"


if __name__ == "__main__":
    CARD.write_text(card(shipped_folder()), "utf-8")

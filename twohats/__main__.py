"""twohats <verb>: every command, in the order one needs them."""

import argparse
import importlib
import json
import sys
from dataclasses import dataclass

from twohats.words.problems import Problem


@dataclass(frozen=True)
class Verb:
    """A command: its module has `add_arguments(parser)` and `run(args) -> dict | None`."""

    name: str
    module: str
    does: str


VERBS: tuple[Verb, ...] = (
    Verb("demo", "twohats.demo.commands.demo", "write the demo hospital's source files and its truth"),
    Verb("demo-home", "twohats.demo_home", "a home with the demo hospital of today, built and ready to serve"),
    Verb("intake", "twohats.sources.commands.intake", "land files and folders, strict and lossless"),
    Verb("redrive", "twohats.sources.commands.redrive", "try quarantined lines again"),
    Verb("build", "twohats.analysis.commands.build", "make a release and publish it"),
    Verb("rollback", "twohats.analysis.commands.rollback", "point to a former release"),
    Verb("segments", "twohats.analysis.commands.segments", "write every segment and interaction as CSV"),
    Verb("comments", "twohats.analysis.commands.comments", "read comments of a CSV file, clause by clause"),
    Verb("corrections", "twohats.analysis.commands.corrections", "what readers corrected, for train-comments"),
    Verb("train-comments", "twohats.analysis.commands.train_comments", "train the model that reads comments"),
    Verb("cahps", "twohats.analysis.commands.cahps", "survey scores adjusted for case mix, from a file of answers"),
    Verb("reconcile", "twohats.analysis.commands.reconcile", "a vendor's survey figures beside ours"),
    Verb("spc", "twohats.analysis.commands.spc", "control charts of a CSV file, signal told from noise"),
    Verb("funnel", "twohats.analysis.commands.funnel", "which units of a CSV file differ by more than chance"),
    Verb("draw-experiment", "twohats.analysis.commands.draw_experiment", "who begins a change when, drawn before it"),
    Verb("experiment", "twohats.analysis.commands.experiment", "what a change goes together with, unit by unit"),
    Verb("serve", "twohats.service.commands.serve", "the site, on 127.0.0.1"),
    Verb("worker", "twohats.service.commands.worker", "tell of urgent comments, send mail, seal the audit"),
    Verb("answers", "twohats.service.commands.answers", "what people answered to us, as files that intake reads"),
    Verb("add-user", "twohats.service.commands.add_user", "add a person who may log in"),
    Verb("event-sender", "twohats.service.commands.event_sender", "let a system send events or reports, or not"),
    Verb("check", "twohats.checking", "what is wrong with this file, this home, this installation"),
)


def main(argv: list[str] | None = None) -> int:
    """Runs one verb. Exit code 0 done, 2 bad input (said what, where, what to try), 1 a fault of ours."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help"):
        print("twohats <verb> [options]   (each verb has --help)\n")
        for verb in VERBS:
            print(f"  {verb.name:10} {verb.does}")
        return 0
    chosen = next((verb for verb in VERBS if verb.name == arguments[0]), None)
    if chosen is None:
        print(f"There is no verb '{arguments[0]}'. twohats --help lists them.", file=sys.stderr)
        return 2
    module = importlib.import_module(chosen.module)
    sub = argparse.ArgumentParser(prog=f"twohats {chosen.name}", description=chosen.does)
    sub.add_argument("--json", action="store_true", help="print the result as one JSON object")
    module.add_arguments(sub)
    args = sub.parse_args(arguments[1:])
    try:
        result = module.run(args)
    except Problem as problem:
        print(problem, file=sys.stderr)
        if args.json and problem.result is not None:
            print(json.dumps(problem.result, default=str))
        return 2
    if args.json and result is not None:
        print(json.dumps(result, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())

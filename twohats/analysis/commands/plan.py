"""The plan of an experiment: who begins when, drawn before anybody began, and what will be asked of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twohats.words.problems import Problem

from .periods import NEVER, Period, period_told

ASKED = "difference in differences: each starting group against the units not yet begun, errors clustered by unit"


@dataclass(frozen=True)
class Plan:
    """A plan as it was written: the seed, the day, and who was drawn to begin when."""

    seed: int
    made_on: str
    outcome: str
    assigned: Mapping[str, str]

    def start_of(self, unit: str) -> Period | None:
        """When a unit was drawn to begin; None: never."""
        return period_told(self.assigned[unit])


def digest_of(told: Mapping[str, Any]) -> str:
    """The digest of a plan without its own digest."""
    content = {name: value for name, value in told.items() if name != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_plan(path: Path) -> Plan:
    """The plan of a file; Problem where it is none, or was changed after it was written."""
    try:
        told = json.loads(path.read_text("utf-8"))
        plan = Plan(told["seed"], told["made_on"], told["outcome"], told["assigned"])
        whole = told["digest"] == digest_of(told)
        known = all(start == NEVER or period_told(start) for start in plan.assigned.values())
    except OSError as failed:
        raise Problem(f"this plan cannot be read: {failed.strerror}", str(path), "Name the file that draw-experiment "
                      "wrote.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Problem("this is no plan", str(path), "Name the file that draw-experiment wrote.") from None
    if not whole or not known:
        raise Problem("this plan was changed after it was written", str(path),
                      "Bring the plan as it was drawn; what came otherwise is told beside it.")
    return plan

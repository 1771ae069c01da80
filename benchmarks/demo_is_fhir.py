"""Is every resource the demo hospital writes FHIR R4? Each is read by the fhir.resources models (R4B), codes included.

    python -m benchmarks.demo_is_fhir [--people 2000] [--seed 1]

Prints the resources read by type, how many required codes were held against their value sets, and what was refused.
Exit code 1 when anything was.
"""

import argparse
import importlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
from pydantic import BaseModel, ValidationError

from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo


def coded(thing: BaseModel) -> Iterator[tuple[str, str, list[str]]]:
    """Every code with a required binding in a resource: where, what, and what it may be."""
    for name, field in type(thing).model_fields.items():
        value = getattr(thing, name, None)
        extra = field.json_schema_extra
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel):
                yield from coded(one)
            elif allowed and one is not None:
                yield f"{type(thing).__name__}.{name}", str(one), list(allowed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    read: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        write_demo(Plan(as_of=date(2026, 11, 20), people=args.people, seed=args.seed), Path(folder))
        for path in sorted(Path(folder).glob("**/fhir/*.ndjson")):
            model = getattr(importlib.import_module(f"fhir.resources.R4B.{path.stem.lower()}"), path.stem)
            for line in path.read_bytes().splitlines():
                read[path.stem] += 1
                try:
                    resource = model.model_validate(orjson.loads(line))
                except ValidationError as problem:
                    refused[f"{path.stem}: {problem.errors()[0]['msg']}"] += 1
                    continue
                for where, code, allowed in coded(resource):
                    codes[where] += 1
                    if code not in allowed:
                        refused[f"{where} = {code}"] += 1
    for kind, count in sorted(read.items()):
        print(f"{count:8} {kind}")
    print(f"{sum(read.values())} resources, {sum(codes.values())} required codes of {len(codes)} elements")
    print(
        f"refused: {sum(refused.values())}",
        *(f"{count} x {what}" for what, count in refused.most_common(20)),
        sep="\n  ",
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())

"""The list of R4 elements we know is the one of the published models; run this file to write it anew."""

import importlib
import pkgutil
import typing
from decimal import Decimal

import fhir.resources.R4B as models
from fhir.resources.R4B.resource import Resource

from twohats.sources.fhir.elements import ELEMENTS_FILE

HEADING = (
    "# Top-level elements of FHIR R4 resources: name:kind, where kind is the JSON type: s string, b boolean, i whole\n"
    "# number, n number, o object, a array. Taken from the R4B models of fhir.resources; FHIR itself is CC0.\n"
)


def kind_of(annotation: object) -> str:
    arguments = [part for part in typing.get_args(annotation) if part is not type(None)]
    if typing.get_origin(annotation) is list:
        return "a"
    if isinstance(annotation, type):
        for python, kind in ((bool, "b"), (int, "i"), (Decimal, "n"), (float, "n")):
            if issubclass(annotation, python):
                return kind
        if annotation.__name__.endswith("Type"):
            return "o"
        return "s"
    return kind_of(arguments[0]) if arguments else "s"


def published() -> str:
    lines = []
    for module in pkgutil.iter_modules(models.__path__):
        if module.ispkg or module.name.startswith("fhir"):
            continue
        for name, model in vars(importlib.import_module(f"fhir.resources.R4B.{module.name}")).items():
            if not (isinstance(model, type) and issubclass(model, Resource)) or name in ("Resource", "DomainResource"):
                continue
            if not model.__module__.endswith("." + module.name) or name.lower() != module.name:
                continue
            fields = {
                (field.alias or key): kind_of(field.annotation)
                for key, field in model.model_fields.items()
                if key not in ("fhir_comments",) and not key.endswith("__ext")
            }
            fields = {"resourceType": "s"} | {key: fields[key] for key in sorted(fields) if key != "resource_type"}
            lines.append(name + " " + " ".join(f"{key}:{kind}" for key, kind in fields.items()))
    return HEADING + "\n".join(sorted(lines)) + "\n"


def test_the_elements_we_know_are_those_of_the_published_models():
    assert ELEMENTS_FILE.read_text() == published()


if __name__ == "__main__":
    ELEMENTS_FILE.write_text(published())

"""python -m twohats.service.messages: collects every text of the pages and keeps the Spanish beside it.

Reads templates and code, rewrites locale/es/LC_MESSAGES/django.po (texts in order of their files, what was translated
stays, what is no longer used goes), compiles django.mo and names what has no Spanish yet. To add translations, append
entries to the end of django.po and run it: of two entries for one text the later one that is not empty holds.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = HERE / "locale" / "es" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Project-Id-Version: twohats\nLanguage: es\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
CALLS = {"_": (0,), "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,),
         "ngettext": (0, 1), "ngettext_lazy": (0, 1)}
TAG = re.compile(r"{%(.*?)%}|{{(.*?)}}|{#.*?#}", re.DOTALL)
QUOTED = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""


@dataclass(frozen=True)
class Text:
    """A text to translate, with its plural where it has one."""

    one: str
    many: str = ""


@dataclass
class Entry:
    """A text, where it is used, and its Spanish (two forms where it has a plural)."""

    text: Text
    used_in: list[str] = field(default_factory=list)
    spanish: tuple[str, ...] = ("",)


def texts_in_code(source: str) -> Iterator[Text]:
    """Texts in calls of gettext and its kin."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            where = CALLS.get(name)
            given = [node.args[i] for i in where or () if i < len(node.args)]
            said = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if where and len(said) == len(where):
                yield Text(*said)


def texts_in_template(source: str) -> Iterator[Text]:
    """Texts in translate and blocktranslate tags, and in _("...") inside tags."""
    block: list[str] | None = None
    plural: list[str] | None = None
    trimmed = False
    last = 0
    source = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", source, flags=re.DOTALL)
    for tag in TAG.finditer(source):
        between = source[last:tag.start()]
        last = tag.end()
        if block is not None:
            (plural if plural is not None else block).append(between)
        inside = (tag.group(1) or "").strip()
        name = inside.split(None, 1)[0] if inside else ""
        if name in ("blocktranslate", "blocktrans"):
            block, plural, trimmed = [], None, "trimmed" in inside.split()
        elif name == "plural" and block is not None:
            plural = []
        elif name in ("endblocktranslate", "endblocktrans") and block is not None:
            yield Text(_joined(block, trimmed), _joined(plural, trimmed) if plural is not None else "")
            block = None
        elif block is not None and tag.group(2) is not None:
            (plural if plural is not None else block).append(f"%({tag.group(2).strip()})s")
        else:
            yield from _in_tag(name, inside or (tag.group(2) or ""))


def _joined(parts: list[str], trimmed: bool) -> str:
    text = "".join(part if part.startswith("%(") else part.replace("%", "%%") for part in parts)
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def _in_tag(name: str, inside: str) -> Iterator[Text]:
    if name in ("translate", "trans") and (found := re.match(rf"\S+\s+{QUOTED}", inside)):
        yield Text(_unquoted(found))
    for found in re.finditer(rf"_\({QUOTED}\)", inside):
        yield Text(_unquoted(found))


def _unquoted(found: re.Match) -> str:
    text = found.group(1) if found.group(1) is not None else found.group(2)
    return text.replace('\\"', '"').replace("\\'", "'").replace("%", "%%") if text else ""


def collected() -> dict[str, Entry]:
    """Every text of the service by its English, in the order of files, with the files that use it."""
    from twohats.service.policy import Permission
    from twohats.store.tables.release import RELEASED

    found: dict[str, Entry] = {}
    for path in sorted([*HERE.rglob("*.py"), *HERE.rglob("*.html"), *HERE.rglob("*.txt")]):
        name = path.relative_to(HERE).as_posix()
        reads = texts_in_code if path.suffix == ".py" else texts_in_template
        for text in sorted(set(reads(path.read_text())), key=lambda one: one.one):
            _note(found, text, name)
    for permission in Permission:
        _note(found, Text(permission.sentence), "policy.py")
    for table in RELEASED:  # declared in store, which knows no languages
        for text in (table.grain, *(column.meaning for column in table.columns)):
            _note(found, Text(text), "pages/analyst/views.py")
    return found


def _note(found: dict[str, Entry], text: Text, name: str) -> None:
    if not text.one:
        return
    entry = found.setdefault(text.one, Entry(text))
    if text.many and not entry.text.many:
        entry.text = text
    if name not in entry.used_in:
        entry.used_in.append(name)


def read_catalogue(po: str) -> dict[str, tuple[str, ...]]:
    """English to Spanish (one form, or two) as a .po file holds it; of two entries the later that is not empty."""
    held: dict[str, tuple[str, ...]] = {}
    for part in re.split(r"\n\s*\n", po):
        fields: dict[str, str] = {}
        current = ""
        for line in part.splitlines():
            if found := re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")\s*$', line):
                current = found.group(1)
                if current == "msgid" and "msgid" in fields:  # entries without a line between them
                    _keep(held, fields)
                    fields = {}
                fields[current] = _read(found.group(2))
            elif line.startswith('"') and current:
                fields[current] += _read(line)
        _keep(held, fields)
    return held


def _keep(held: dict[str, tuple[str, ...]], fields: dict[str, str]) -> None:
    if fields.get("msgid"):
        forms = tuple(fields[name] for name in sorted(fields) if name.startswith("msgstr"))
        if all(forms) or fields["msgid"] not in held:
            held[fields["msgid"]] = forms


def _read(quoted: str) -> str:
    return ast.literal_eval(quoted.strip())


def _written(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def merged(found: dict[str, Entry], held: dict[str, tuple[str, ...]]) -> list[Entry]:
    """The texts in use with the Spanish known of them; a form is empty where it is missing."""
    for english, entry in found.items():
        wanted = 2 if entry.text.many else 1
        known = held.get(english, ())
        entry.spanish = known if len(known) == wanted else ("",) * wanted
    return list(found.values())


def as_po(entries: list[Entry]) -> str:
    """The catalogue as text."""
    parts = ['msgid ""\nmsgstr ""\n' + "\n".join(_written(line + "\n") for line in HEADER.splitlines())]
    for entry in entries:
        lines = [f"#: {name}" for name in entry.used_in]
        if "%(" in entry.text.one:
            lines.append("#, python-format")
        lines.append(f"msgid {_written(entry.text.one)}")
        if entry.text.many:
            lines.append(f"msgid_plural {_written(entry.text.many)}")
            lines += [f"msgstr[{number}] {_written(form)}" for number, form in enumerate(entry.spanish)]
        else:
            lines.append(f"msgstr {_written(entry.spanish[0])}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def as_mo(entries: list[Entry]) -> bytes:
    """The catalogue as gettext reads it: two sorted tables of lengths and offsets, then the texts."""
    pairs = {b"": HEADER.encode()}
    for entry in entries:
        if all(entry.spanish):
            english = "\0".join([entry.text.one, entry.text.many] if entry.text.many else [entry.text.one])
            pairs[english.encode()] = "\0".join(entry.spanish).encode()
    ordered = sorted(pairs.items())
    at = 28 + 16 * len(ordered)
    tables: tuple[list[bytes], list[bytes]] = ([], [])
    body = b""
    for side in (0, 1):
        for pair in ordered:
            tables[side].append(struct.pack("<II", len(pair[side]), at + len(body)))
            body += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(ordered), 28, 28 + 8 * len(ordered), 0, at)
    return head + b"".join(tables[0]) + b"".join(tables[1]) + body


def untranslated(entries: list[Entry]) -> list[str]:
    """The English of what has no Spanish yet."""
    return [entry.text.one for entry in entries if not all(entry.spanish)]


def main() -> int:
    """Rewrites the catalogue, compiles it, and names what is missing (exit code 1 then)."""
    held = read_catalogue(CATALOGUE.read_text()) if CATALOGUE.exists() else {}
    entries = merged(collected(), held)
    CATALOGUE.write_text(as_po(entries))
    CATALOGUE.with_suffix(".mo").write_bytes(as_mo(entries))
    missing = untranslated(entries)
    print(f"{len(entries)} texts, {len(missing)} without Spanish")  # noqa: T201
    for english in missing:
        print(f"  {english}")  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

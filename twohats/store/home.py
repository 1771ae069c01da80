"""One folder holds all that one installation knows: landings, buckets, releases, records."""

import os
from dataclasses import dataclass
from pathlib import Path

from twohats.words.problems import Problem


@dataclass(frozen=True)
class Home:
    """The folder of one installation and the places inside it. Nothing is created until `ensure`."""

    path: Path

    def __init__(self, path: "Path | str | Home") -> None:
        object.__setattr__(self, "path", path.path if isinstance(path, Home) else Path(path))

    @property
    def landings(self) -> Path:
        """Landed files, raw and append-only, one folder each."""
        return self.path / "landings"

    @property
    def buckets(self) -> Path:
        """Landed rows dealt to people, one file a table and bucket."""
        return self.path / "buckets"

    @property
    def releases(self) -> Path:
        """Releases, immutable, one folder each."""
        return self.path / "releases"

    @property
    def register(self) -> Path:
        """The SQLite file that says which releases there are and which one is current."""
        return self.path / "register.sqlite"

    @property
    def records(self) -> Path:
        """The SQLite file of what our people write (unless PostgreSQL is set)."""
        return self.path / "records.sqlite"

    @property
    def records_export(self) -> Path:
        """What our people wrote that the next release must obey: append-only NDJSON, one file a kind."""
        return self.path / "records_export"

    @property
    def is_demo(self) -> bool:
        """True when the demo hospital was taken in here; such a home refuses real data."""
        return (self.path / "demo.json").exists()

    def ensure(self) -> "Home":
        """Makes the folders that are not there yet. Raises Problem where none can be."""
        try:
            for folder in (self.landings, self.buckets, self.releases, self.records_export):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as failed:
            raise Problem(f"no home can be here: {(failed.strerror or 'it cannot be used').lower()}", str(self.path),
                          "Name a folder that you may write to with --home.") from None
        return self


def home_from(argument: Path | str | None) -> Home:
    """The home that a command line names; else $TWOHATS_HOME, else ./home. Raises Problem where a file lies there."""
    home = Home(argument or os.environ.get("TWOHATS_HOME") or "home")
    if home.path.exists() and not home.path.is_dir():
        raise Problem("this is a file, not a home", str(home.path), "Name a folder with --home.")
    return home

"""Words in the languages of the pages."""

from dataclasses import dataclass

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Text:
    """The same words in English and in Spanish."""

    en: str
    es: str

    def read_in(self, language: str | None) -> str:
        """The words in that language ("es-MX" counts as Spanish); English for any other."""
        return self.es if (language or "").lower().startswith("es") else self.en

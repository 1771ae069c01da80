"""Stories are walked with the drawn release and one person a role in the north."""

from tests.security.conftest import home, readers

__all__ = ["home", "readers"]

"""What every form of the pages does: labels without a colon, and the focus on the first field in question."""

from typing import Any

from django import forms


class PageForm(forms.Form):
    """A form of a page. Its fields are drawn by components/field.html."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def add_error(self, field: Any, error: Any) -> None:
        """Adds what is wrong; the first field in question gets the focus, without JavaScript."""
        super().add_error(field, error)
        wrong = next((name for name in self.fields if name in self.errors), None)
        for name, one in self.fields.items():
            if name == wrong:
                one.widget.attrs["autofocus"] = True
            else:
                one.widget.attrs.pop("autofocus", None)

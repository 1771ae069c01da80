"""The analyst's shelf: every released table, its grain, its codebook, and the rows a reader may take."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import audit
from twohats.service.doors import needs, scope_of
from twohats.service.pages.analyst import extracts, writing
from twohats.service.pages.analyst.extracts import BY_NAME, Extract, Form
from twohats.service.policy import Permission
from twohats.store.tables import Table

ANY_FORM = (Permission.EXPORT_TOTALS, Permission.EXPORT_MASKED, Permission.EXPORT_PANEL)
FORM_WORDS: dict[Form, Promise] = {
    Form.MASKED: gettext_lazy("without names"),
    Form.PANEL: gettext_lazy("own units, with names"),
    Form.TOTALS: gettext_lazy("totals, small counts hidden"),
}
TREATED_WORDS: dict[str, Promise] = {
    "name": gettext_lazy("name: not in an extract without names"),
    "contact": gettext_lazy("address or number: not in an extract without names"),
    "id": gettext_lazy("id: made anew for each extract"),
    "date": gettext_lazy("date: moved by the person's own number of days"),
    "birth": gettext_lazy("birth: year only, 90+ above 89"),
    "area": gettext_lazy("ZIP code: first three digits"),
    "words": gettext_lazy("free text: not in an extract without names"),
}


@needs(*ANY_FORM)
def shelf(request: HttpRequest) -> HttpResponse:
    """Every table this reader may take, with its grain and how many rows they get."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    held = request.session.get("extract") or {}
    return render(request, "analyst/shelf.html", {
        "tables": [_on_the_shelf(request, table, reader) for table in BY_NAME.values()
                   if extracts.forms_of(request.user, table)],
        "masked": any(Form.MASKED in extracts.forms_of(request.user, table) for table in BY_NAME.values()),
        "extract": held.get("name") if held.get("release") == reader.id else "",
    })


def _on_the_shelf(request: HttpRequest, table: Table, reader: Any) -> dict:
    return {"table": table, "grain": _(table.grain), "forms": [_offered(request, table, form, reader)
                                      for form in extracts.forms_of(request.user, table)]}


def _offered(request: HttpRequest, table: Table, form: Form, reader: Any) -> dict:
    scope = scope_of(request.user, extracts.PERMISSION[form])
    return {"form": form, "words": FORM_WORDS[form], "rows": extracts.rows_in(table, scope, reader)}


@needs(*ANY_FORM)
def codebook(request: HttpRequest, name: str) -> HttpResponse:
    """What each column of a table means, and how an extract without names treats it."""
    table, _forms = _allowed(request, name)
    columns = [(column, _(column.meaning), TREATED_WORDS.get(column.personal or "", "")) for column in table.columns]
    return render(request, "analyst/codebook.html", {"table": table, "grain": _(table.grain), "columns": columns})


@needs(Permission.EXPORT_MASKED)
@require_POST
def begin_extract(request: HttpRequest) -> HttpResponse:
    """From here on ids and dates are made anew."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    extracts.new_extract(request.session, reader)
    messages.success(request, _("A new extract has begun: tables taken from now on fit each other, and no older one."))
    return redirect("analyst:shelf")


@needs(*ANY_FORM)
def download(request: HttpRequest, name: str, form: str, kind: str) -> HttpResponseBase:
    """The rows, streamed; that they were taken is written down first."""
    table, forms = _allowed(request, name)
    reader = releases.current()
    if form not in forms or kind not in ("csv", "parquet") or reader is None:
        raise Http404
    made = extracts.extract(request.user, table, Form(form), request.session, reader)
    audit.noted(request, f"took {form} {kind}", "table", f"{name}@{reader.id}")
    return _streamed(made, kind, reader)


def _allowed(request: HttpRequest, name: str) -> tuple[Table, list[Form]]:
    table = BY_NAME.get(name)
    forms = extracts.forms_of(request.user, table) if table else []
    if table is None or not forms:
        raise Http404
    return table, forms


def _streamed(made: Extract, kind: str, reader: Any) -> StreamingHttpResponse:
    write, content_type = {"csv": (writing.as_csv, "text/csv; charset=utf-8"),
                           "parquet": (writing.as_parquet, "application/vnd.apache.parquet")}[kind]
    response = StreamingHttpResponse(write(made.columns, extracts.batches(made, reader)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.table.name}-{made.form}-{reader.id}.{kind}"'
    return response

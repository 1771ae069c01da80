"""Addresses of the measures: one per measure, unit and period, so that it can be sent to somebody."""

from django.urls import path

from . import all_groups, care, drivers, files, heard, hospitals, official, views, writing, wrong_hat

app_name = "measures"
TAKEN = {"groups": "groups", "heard": "who-is-heard", "care": "care-received", "official": "official",
         "wrong_hat": "wrong-hat", "drivers": "drivers", "among": "among-hospitals"}
"""Pages that leave as files, and where they lie."""
urlpatterns = [
    path("", views.all_measures, name="all"),
    path("told.csv", files.all_measures, {"kind": "csv"}, name="csv"),
    path("told.xlsx", files.all_measures, {"kind": "xlsx"}, name="xlsx"),
    path("told.pdf", files.all_measures, {"kind": "pdf"}, name="pdf"),
    path("groups/", all_groups.all_groups, name="groups"),
    path("who-is-heard/", heard.who_is_heard, name="heard"),
    path("care-received/", care.care_received, name="care"),
    path("wrong-hat/", wrong_hat.wrong_hats, name="wrong_hat"),
    path("official/", official.official_scores, name="official"),
    path("drivers/", drivers.what_goes_together, name="drivers"),
    path("among-hospitals/", hospitals.among_hospitals, name="among"),
    *(path(f"{where}/told.{kind}", files.one_page, {"page": page, "kind": kind}, name=f"{page}_{kind}")
      for page, where in TAKEN.items() for kind in files.TYPES),
    path("notes/", writing.notes, name="notes"),
    path("notes/<int:number>/remove", writing.remove_note, name="remove_note"),
    path("rebases/<int:number>/withdraw", writing.withdraw, name="withdraw"),
    path("<slug:key>/write/<slug:what>", writing.write, name="write"),
    path("<slug:key>/told.csv", files.one_measure, {"kind": "csv"}, name="one_csv"),
    path("<slug:key>/told.xlsx", files.one_measure, {"kind": "xlsx"}, name="one_xlsx"),
    path("<slug:key>/told.pdf", files.one_measure, {"kind": "pdf"}, name="one_pdf"),
    path("<slug:key>/", views.one_measure, name="one"),
]

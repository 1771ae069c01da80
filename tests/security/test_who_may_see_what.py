"""Every route has a policy, and every reader gets exactly what the table below says: in their units and outside."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.release_fixture import ANA, ANAS_VISIT, BEN, CLAUSES, HAND_OFFS, INTERACTIONS, OMAR, OMARS_VISIT
from tests.security.conftest import LANDING, READERS, SAY, TOKEN, logged_in
from tests.unit.typed_strategies import typed_strategies
from twohats.service.doors import Door
from twohats.service.records.models import (
    AlertRecipient,
    AuditEvent,
    BreakGlass,
    ChartNote,
    ChartRebase,
    PersonMessage,
    RecoveryCase,
    RuleTest,
    SupplementalItem,
    SurveyRequest,
    UrgentAlert,
    User,
)

ANAS = next(one["interaction"] for one in INTERACTIONS if one["person"] == ANA and one["act"] == "treat")
OMARS = next(one["interaction"] for one in INTERACTIONS if one["person"] == OMAR)
PRAISE = next(one["clause"] for one in CLAUSES if one["sentiment"] == 1)
COMPLAINT, ELSEWHERE = (next(one["clause"] for one in CLAUSES if one["unit"] == unit) for unit in ("north-ed", "south"))
BENS = next(one["interaction"] for one in INTERACTIONS if one["person"] == BEN)
DIFFERING, OMARS_CLAUSE, CLAUSE = (CLAUSES[at]["clause"] for at in (0, 1, 3))
"""A clause of the north on which two readers differ, one of the south, and one of the north that nobody read."""
LOST, LABELLED_LOST, OMARS_LOST = (HAND_OFFS[at]["hand_off"] for at in (0, 4, 6))

# What each reader, holding their role in the north, is answered. "in" is a thing of the north, "out" one of the south;
# "-" where the route has no such thing. 302 for nobody: sent to the log-in page.
#                                                nobody leader navig. desk  clinic. analyst review. partner admin. gus
EXPECTED = """
home                      -                         302    302    302    302    302    302    302    200    302    200
alive                     -                         200    200    200    200    200    200    200    200    200    200
set_language              -                         302    302    302    302    302    302    302    302    302    302
account:log_in            -                         200    200    200    200    200    200    200    200    200    200
account:log_in_demo       -                         404    404    404    404    404    404    404    404    404    404
account:log_out           -                         302    302    302    302    302    302    302    302    302    302
account:account           -                         302    200    200    200    200    200    200    200    200    200
first_steps:steps         -                         302    200    200    200    200    200    200    200    200    200
leader:overview           in                        302    200    200    403    200    200    200    403    403    403
leader:overview           out                       302    404    404    403    404    404    404    403    403    403
leader:picture            in                        302    200    200    403    200    200    200    403    403    403
leader:picture            out                       302    404    404    403    404    404    404    403    403    403
measures:all              in                        302    200    200    403    200    200    200    403    403    403
measures:all              out                       302    404    404    403    404    404    404    403    403    403
measures:one              in                        302    200    200    403    200    200    200    403    403    403
measures:one              out                       302    404    404    403    404    404    404    403    403    403
measures:csv              in                        302    200    200    403    200    200    200    403    403    403
measures:csv              out                       302    404    404    403    404    404    404    403    403    403
measures:official         in                        302    200    200    403    200    200    200    403    403    403
measures:official         out                       302    404    404    403    404    404    404    403    403    403
measures:xlsx             in                        302    200    200    403    200    200    200    403    403    403
measures:xlsx             out                       302    404    404    403    404    404    404    403    403    403
measures:pdf              in                        302    200    200    403    200    200    200    403    403    403
measures:pdf              out                       302    404    404    403    404    404    404    403    403    403
measures:one_csv          in                        302    200    200    403    200    200    200    403    403    403
measures:one_csv          out                       302    404    404    403    404    404    404    403    403    403
measures:one_xlsx         in                        302    200    200    403    200    200    200    403    403    403
measures:one_xlsx         out                       302    404    404    403    404    404    404    403    403    403
measures:one_pdf          in                        302    200    200    403    200    200    200    403    403    403
measures:one_pdf          out                       302    404    404    403    404    404    404    403    403    403
measures:among            -                         302    200    200    403    200    200    200    403    403    403
measures:groups           -                         302    404    404    403    404    404    404    403    403    403
measures:heard            -                         302    404    404    403    404    404    404    403    403    403
measures:care             -                         302    404    404    403    404    404    404    403    403    403
measures:wrong_hat        -                         302    404    404    403    404    404    404    403    403    403
served:sample             -                         302    403    200    403    200    403    403    403    403    403
served:next               -                         302    403    302    403    302    403    403    403    403    403
served:one                in                        302    403    200    403    200    403    403    403    403    403
served:one                out                       302    403    404    403    404    403    403    403    403    403
served:one                no-such-side              302    403    404    403    404    403    403    403    403    403
served:one                say-in                    302    403    302    403    302    403    403    403    403    403
served:one                say-out                   302    403    404    403    404    403    403    403    403    403
served:one                say-nothing               302    403    400    403    400    403    403    403    403    403
measures:drivers          -                         302    404    404    403    404    404    404    403    403    403
measures:groups_csv       -                         302    404    404    403    404    404    404    403    403    403
measures:groups_xlsx      -                         302    404    404    403    404    404    404    403    403    403
measures:groups_pdf       -                         302    404    404    403    404    404    404    403    403    403
measures:heard_csv        -                         302    404    404    403    404    404    404    403    403    403
measures:heard_xlsx       -                         302    404    404    403    404    404    404    403    403    403
measures:heard_pdf        -                         302    404    404    403    404    404    404    403    403    403
measures:wrong_hat_csv    -                         302    404    404    403    404    404    404    403    403    403
measures:wrong_hat_xlsx   -                         302    404    404    403    404    404    404    403    403    403
measures:wrong_hat_pdf    -                         302    404    404    403    404    404    404    403    403    403
measures:care_csv         -                         302    404    404    403    404    404    404    403    403    403
measures:care_xlsx        -                         302    404    404    403    404    404    404    403    403    403
measures:care_pdf         -                         302    404    404    403    404    404    404    403    403    403
measures:drivers_csv      -                         302    404    404    403    404    404    404    403    403    403
measures:drivers_xlsx     -                         302    404    404    403    404    404    404    403    403    403
measures:drivers_pdf      -                         302    404    404    403    404    404    404    403    403    403
measures:among_csv        -                         302    200    200    403    200    200    200    403    403    403
measures:among_xlsx       -                         302    200    200    403    200    200    200    403    403    403
measures:among_pdf        -                         302    200    200    403    200    200    200    403    403    403
measures:official_csv     in                        302    200    200    403    200    200    200    403    403    403
measures:official_csv     out                       302    404    404    403    404    404    404    403    403    403
measures:official_xlsx    in                        302    200    200    403    200    200    200    403    403    403
measures:official_xlsx    out                       302    404    404    403    404    404    404    403    403    403
measures:official_pdf     in                        302    200    200    403    200    200    200    403    403    403
measures:official_pdf     out                       302    404    404    403    404    404    404    403    403    403
measures:write            in                        302    200    403    403    403    200    403    403    403    403
measures:write            out                       302    404    403    403    403    404    403    403    403    403
measures:write            write-in                  302    302    403    403    403    302    403    403    403    403
measures:write            write-nothing             302    400    403    403    403    400    403    403    403    403
measures:write            write-out                 302    404    403    403    403    404    403    403    403    403
measures:write            no-chart                  302    404    403    403    403    404    403    403    403    403
measures:withdraw         in                        302    302    403    403    403    302    403    403    403    403
measures:withdraw         out                       302    404    403    403    403    404    403    403    403    403
measures:remove_note      in                        302    302    403    403    403    404    403    403    302    403
measures:remove_note      out                       302    404    403    403    403    404    403    403    404    403
measures:notes            -                         302    403    403    403    403    403    403    403    200    403
person:find               -                         302    403    200    403    200    200    403    403    200    403
person:find               in                        302    403    302    403    302    200    403    403    302    403
person:find               out                       302    403    200    403    200    200    403    403    200    403
person:journey            in                        302    403    200    403    200    200    403    403    404    403
person:journey            out                       302    403    404    403    404    404    403    403    404    403
person:overrule           in                        302    403    302    404    302    403    403    403    403    403
person:overrule           out                       302    403    404    404    404    403    403    403    403    403
front_desk:today          -                         302    403    403    200    403    403    403    403    403    403
front_desk:card           in                        302    403    403    200    403    403    403    403    403    403
front_desk:card           out                       302    403    403    404    403    403    403    403    403    403
front_desk:overrule       in                        302    403    404    302    404    403    403    403    403    403
front_desk:overrule       out                       302    403    404    404    404    403    403    403    403    403
front_desk:card_now       in                        302    403    403    200    403    403    403    403    403    403
front_desk:card_now       out                       302    403    403    404    403    403    403    403    403    403
front_desk:nurse          in                        302    403    403    302    403    403    403    403    403    403
front_desk:nurse          out                       302    403    403    404    403    403    403    403    403    403
front_desk:somebody       -                         302    403    403    200    403    403    403    403    403    403
front_desk:somebody       in                        302    403    403    302    403    403    403    403    403    403
front_desk:somebody       out                       302    403    403    404    403    403    403    403    403    403
front_desk:log            in                        302    403    403    200    403    403    403    403    403    403
front_desk:log            keep                      302    403    403    302    403    403    403    403    403    403
front_desk:log            out                       302    403    403    404    403    403    403    403    403    403
alerts:list               -                         302    200    200    403    200    403    200    403    200    403
alerts:alert              in                        302    200    200    403    404    403    200    403    200    403
alerts:alert              out                       302    404    404    403    404    403    404    403    404    403
alerts:on_it              in                        302    403    302    403    404    403    302    403    403    403
alerts:on_it              out                       302    403    404    403    404    403    404    403    403    403
alerts:end                in                        302    403    302    403    404    403    302    403    403    403
alerts:end                out                       302    403    404    403    404    403    404    403    403    403
alerts:end_old            -                         302    403    200    403    403    403    200    403    403    403
alerts:end_old            end                       302    403    302    403    403    403    302    403    403    403
alerts:recipients         -                         302    403    403    403    403    403    403    403    200    403
alerts:recipients         choose                    302    403    403    403    403    403    403    403    302    403
alerts:recipients         choose-out                302    403    403    403    403    403    403    403    400    403
alerts:drop               in                        302    403    403    403    403    403    403    403    302    403
alerts:drop               out                       302    403    403    403    403    403    403    403    404    403
review:queues             -                         302    302    403    403    403    302    200    403    403    403
review:corrections        -                         302    403    403    403    403    403    200    403    403    403
review:agreement          -                         302    200    403    403    403    200    200    403    403    403
review:drift              -                         302    200    403    403    403    200    200    403    403    403
review:drift              no-service                302    200    403    403    403    200    200    403    403    403
review:differences        -                         302    403    403    403    403    403    200    403    403    403
review:settle             in                        302    403    403    403    403    403    200    403    403    403
review:settle             settle-in                 302    403    403    403    403    403    302    403    403    403
review:settle             nothing                   302    403    403    403    403    403    404    403    403    403
review:settle             out                       302    403    403    403    403    403    404    403    403    403
review:next               -                         302    403    403    403    403    403    302    403    403    403
review:clause             in                        302    403    403    403    403    403    200    403    403    403
review:clause             read-in                   302    403    403    403    403    403    302    403    403    403
review:clause             read-nothing              302    403    403    403    403    403    400    403    403    403
review:clause             out                       302    403    403    403    403    403    404    403    403    403
review:clause             read-out                  302    403    403    403    403    403    404    403    403    403
quality:reports           -                         302    200    403    403    403    200    403    403    200    403
quality:landing           in                        302    200    403    403    403    200    403    403    200    403
quality:landing           out                       302    404    403    403    403    404    403    403    404    403
analyst:shelf             -                         302    200    200    403    200    200    403    403    403    403
analyst:begin_extract     -                         302    403    403    403    403    302    403    403    403    403
analyst:codebook          people                    302    404    200    403    200    200    403    403    403    403
analyst:codebook          totals                    302    200    404    403    404    200    403    403    403    403
analyst:download          people/masked             302    404    404    403    404    200    403    403    403    403
analyst:download          people/panel              302    404    200    403    200    404    403    403    403    403
analyst:download          people/totals             302    404    404    403    404    404    403    403    403    403
analyst:download          totals/totals             302    200    404    403    404    404    403    403    403    403
analyst:download          totals/masked             302    404    404    403    404    200    403    403    403    403
places:zones              -                         302    200    403    403    403    200    403    403    200    403
places:place              in                        302    200    403    403    403    200    403    403    200    403
places:place              out                       302    404    403    403    403    404    403    403    404    403
places:place              correct-in                302    404    403    403    403    302    403    403    302    403
places:place              correct-out               302    404    403    403    403    404    403    403    404    403
comments:search           in                        302    200    200    403    200    200    200    403    403    403
comments:search           out                       302    404    404    403    404    404    404    403    403    403
comments:download         in                        302    200    200    403    200    200    403    403    403    403
comments:download         out                       302    404    404    403    404    404    403    403    403    403
choices:page              nothing                   404    404    404    404    404    404    404    404    404    404
choices:page              in                        200    200    200    200    200    200    200    200    200    200
choices:page              keep                      302    302    302    302    302    302    302    302    302    302
messages:ledger           -                         302    403    200    403    403    403    403    403    200    403
messages:message          in                        302    403    200    403    403    403    403    403    200    403
messages:message          out                       302    403    404    403    403    403    403    403    404    403
messages:done             in                        302    403    302    403    403    403    403    403    403    403
messages:done             out                       302    403    404    403    403    403    403    403    403    403
messages:person           in                        302    403    200    403    403    403    403    403    403    403
messages:person           out                       302    403    404    403    403    403    403    403    403    403
messages:write            in                        302    403    302    403    403    403    403    403    403    403
messages:write            out                       302    403    404    403    403    403    403    403    403    403
messages:end_all          in                        302    403    302    403    403    403    403    403    403    403
messages:end_all          out                       302    403    404    403    403    403    403    403    403    403
messages:rules            -                         302    403    403    403    403    403    403    403    200    403
messages:rules            unseen                    302    403    403    403    403    403    403    403    400    403
messages:rules            never                     302    403    403    403    403    403    403    403    400    403
messages:strategies       -                         302    403    403    403    403    403    403    403    200    403
messages:draft            -                         302    403    403    403    403    403    403    403    200    403
messages:draft            test                      302    403    403    403    403    403    403    403    302    403
messages:draft            no-way                    302    403    403    403    403    403    403    403    400    403
messages:tested           -                         302    403    403    403    403    403    403    403    200    403
messages:tested           live                      302    403    403    403    403    403    403    403    302    403
messages:tested           nothing                   302    403    403    403    403    403    403    403    404    403
messages:strategies_back  -                         302    403    403    403    403    403    403    403    302    403
messages:strategies_back  never                     302    403    403    403    403    403    403    403    400    403
answering:form            nothing                   404    404    404    404    404    404    404    404    404    404
answering:form            in                        200    200    200    200    200    200    200    200    200    200
answering:step            in                        200    200    200    200    200    200    200    200    200    200
answering:step            keep                      302    302    302    302    302    302    302    302    302    302
answering:step            nothing                   404    404    404    404    404    404    404    404    404    404
answering:again           in                        302    302    302    302    302    302    302    302    302    302
answering:again           nothing                   404    404    404    404    404    404    404    404    404    404
asking:requests           -                         302    403    200    403    403    403    403    403    200    403
asking:person             in                        302    403    200    403    403    403    403    403    403    403
asking:person             out                       302    403    404    403    403    403    403    403    403    403
asking:ask                in                        302    403    400    403    403    403    403    403    403    403
asking:ask                out                       302    403    404    403    403    403    403    403    403    403
asking:write_down         in                        302    403    200    403    403    403    403    403    403    403
asking:write_down         out                       302    403    404    403    403    403    403    403    403    403
asking:write_down         keep                      302    403    302    403    403    403    403    403    403    403
asking:supplemental       -                         302    403    403    403    403    403    403    403    200    403
asking:supplemental       add                       302    403    403    403    403    403    403    403    302    403
asking:drop               in                        302    403    403    403    403    403    403    403    302    403
cases:list                -                         302    200    200    403    403    403    200    403    403    403
cases:grievances          -                         302    200    200    403    403    403    200    403    403    403
cases:case                in                        302    200    200    403    403    403    200    403    403    403
cases:case                out                       302    404    404    403    403    403    404    403    403    403
cases:take                in                        302    403    302    403    403    403    302    403    403    403
cases:take                out                       302    403    404    403    403    403    404    403    403    403
cases:spoke               in                        302    403    302    403    403    403    302    403    403    403
cases:spoke               out                       302    403    404    403    403    403    404    403    403    403
cases:end                 in                        302    403    302    403    403    403    400    403    403    403
cases:end                 out                       302    403    404    403    403    403    404    403    403    403
cases:open_again          in                        302    403    302    403    403    403    302    403    403    403
cases:open_again          out                       302    403    404    403    403    403    404    403    403    403
cases:decide              in                        302    403    302    403    403    403    302    403    403    403
cases:decide              out                       302    403    404    403    403    403    404    403    403    403
cases:letter              in                        302    403    302    403    403    403    302    403    403    403
cases:letter              out                       302    403    404    403    403    403    404    403    403    403
lost_track:lists          -                         302    200    200    403    200    200    200    403    403    403
lost_track:list           in                        302    403    200    403    200    403    403    403    403    403
lost_track:list           waiting                   302    403    404    403    404    403    403    403    403    403
lost_track:one            in                        302    403    200    403    200    403    403    403    403    403
lost_track:one            out                       302    403    404    403    404    403    403    403    403    403
lost_track:one            keep                      302    403    302    403    302    403    403    403    403    403
lost_track:one            keep-out                  302    403    404    403    404    403    403    403    403    403
lost_track:one            labelled                  302    403    404    403    200    403    403    403    403    403
lost_track:word           in                        302    403    302    403    302    403    403    403    403    403
lost_track:word           out                       302    403    404    403    404    403    403    403    403    403
lost_track:word           no-word                   302    403    404    403    404    403    403    403    403    403
since_monday:week         -                         302    200    200    403    200    200    200    403    403    403
since_monday:overrules    -                         302    403    200    403    200    403    403    403    403    403
thanks:mine               -                         302    200    302    200    200    200    302    200    200    200
thanks:passed_on          -                         302    403    200    403    403    403    200    403    403    403
thanks:pass_on            in                        302    403    200    403    403    403    200    403    403    403
thanks:pass_on            send                      302    403    302    403    403    403    302    403    403    403
thanks:pass_on            no-praise                 302    403    404    403    403    403    404    403    403    403
thanks:pass_on            out                       302    403    404    403    403    403    404    403    403    403
users:everybody           -                         302    403    403    403    403    403    403    403    200    403
users:everybody           let-in                    302    403    403    403    403    403    403    403    302    403
users:everybody           let-in-out                302    403    403    403    403    403    403    403    400    403
users:change_role         in                        302    403    403    403    403    403    403    403    302    403
users:change_role         out                       302    403    403    403    403    403    403    403    404    403
users:change_role         nobodys                   302    403    403    403    403    403    403    403    404    403
users:say_staff           in                        302    403    403    403    403    403    403    403    302    403
users:say_staff           nobodys                   302    403    403    403    403    403    403    403    404    403
users:shut_out            in                        302    403    403    403    403    403    403    403    302    403
users:shut_out            nobodys                   302    403    403    403    403    403    403    403    404    403
hidden_kinds:list         -                         302    403    403    403    403    403    403    403    200    403
hidden_kinds:list         hide                      302    403    403    403    403    403    403    403    302    403
api:events                -                         405    405    405    405    405    405    405    405    405    405
api:events                send                      401    401    401    401    401    401    401    401    401    401
api:reports               -                         405    405    405    405    405    405    405    405    405    405
api:reports               send                      401    401    401    401    401    401    401    401    401    401
audit:events              -                         302    403    403    403    403    403    403    403    200    403
audit:open                in                        302    403    200    403    403    403    403    403    200    403
audit:open                out                       302    403    404    403    403    403    403    403    404    403
audit:open                lines                     302    403    404    403    403    403    403    403    200    403
audit:open                no-lines                  302    403    404    403    403    403    403    403    404    403
audit:openings            -                         302    403    403    403    403    403    403    403    200    403
audit:review              in                        302    403    403    403    403    403    403    403    302    403
audit:review              out                       302    403    403    403    403    403    403    403    404    403
"""


@dataclass(frozen=True)
class Asked:
    """One request of the sweep."""

    path: Callable[[], str]
    post: dict | None = None


def to(route: str, query: str = "", post: dict | None = None, **named: object) -> Asked:
    return Asked(lambda: reverse(route, kwargs=named or None) + query, post)


def of_user(route: str, name: str, post: dict) -> Asked:
    return Asked(lambda: reverse(route, args=[User.objects.get(username=name).pk]), post)


def of_alert(route: str, unit: str, post: dict | None = None) -> Asked:
    return Asked(lambda: reverse(route, args=[a_number(UrgentAlert.objects.filter(unit=unit))]), post)


def of_message(route: str, unit: str, post: dict | None = None) -> Asked:
    return Asked(lambda: reverse(route, args=[a_number(PersonMessage.objects.filter(unit=unit))]), post)


def of_request(unit: str, post: dict | None = None) -> Asked:
    return Asked(lambda: reverse("asking:write_down", args=[a_number(SurveyRequest.objects.filter(unit=unit))]), post)


def of_case(route: str, unit: str, post: dict | None = None) -> Asked:
    return Asked(lambda: reverse(route, args=[a_number(RecoveryCase.objects.filter(unit=unit))]), post)


def of_recipient(unit: str) -> Asked:
    return Asked(lambda: reverse("alerts:drop", args=[a_number(AlertRecipient.objects.filter(unit=unit))]), {})


def of_mark(route: str, model: type, unit: str) -> Asked:
    return Asked(lambda: reverse(route, args=[a_number(model.objects.filter(unit=unit))]), {})


def a_number(found) -> int:
    """The number of what was found; one that nothing has where nothing was drawn."""
    return found.values_list("pk", flat=True).first() or 999_999


NOTE = {"month": "2026-09", "words": "Mr Haddad and Mrs Alvarez waited outside"}
RULES = {"quiet_from": 21, "quiet_to": 9, "sms": 8, "automated_call": 1, "on_spent_budget": "hold",
         "version": "ours-1", "reason": "fewer"}
CHOSEN = {"user": "navigator", "address": "carla@hospital.example", "turn": "1"}
HAPPENED = {"event_id": "pressed-once", "act": "register", "speaker": "self"}
LETTER = {"contact_person": "Rosa Vega", "steps_taken": "looked into it", "results": "put right",
          "completed_on": "2026-01-05"}
LABELS = {"about_hat": "customer", "touchpoint": "billing_insurance", "sentiment": "-1", "speaker": "patient"}
def a_test(post) -> Asked:
    """The page of the newest test of a draft."""
    return Asked(lambda: reverse("messages:tested", args=[a_number(RuleTest.objects.order_by("-pk"))]), post)


NEW = {"username": "new", "display_name": "New", "password": "a sentence of their own", "role": "leader"}
ASKED: dict[tuple[str, str], Asked] = {
    ("home", "-"): to("home"),
    ("alive", "-"): to("alive"),
    ("set_language", "-"): to("set_language", post={"language": "es"}),
    ("account:log_in", "-"): to("account:log_in"),
    ("account:log_in_demo", "-"): to("account:log_in_demo", post={"username": "gus"}),
    ("account:log_out", "-"): to("account:log_out", post={}),
    ("account:account", "-"): to("account:account"),
    ("first_steps:steps", "-"): to("first_steps:steps"),
    ("leader:overview", "in"): to("leader:overview", "?unit=north-ed"),
    ("leader:overview", "out"): to("leader:overview", "?unit=south"),
    ("measures:all", "in"): to("measures:all", "?unit=north-ed"),
    ("measures:all", "out"): to("measures:all", "?unit=south"),
    ("measures:one", "in"): to("measures:one", "?unit=north-ed", key="no_show"),
    ("measures:one", "out"): to("measures:one", "?unit=south", key="no_show"),
    ("measures:official", "in"): to("measures:official", "?unit=north"),
    ("measures:official", "out"): to("measures:official", "?unit=south"),
    **{(f"measures:{kind}", where): to(f"measures:{kind}", f"?unit={unit}")
       for kind in ("csv", "xlsx", "pdf") for where, unit in (("in", "north-ed"), ("out", "south"))},
    **{(f"measures:one_{kind}", where): to(f"measures:one_{kind}", f"?unit={unit}", key="no_show")
       for kind in ("csv", "xlsx", "pdf") for where, unit in (("in", "north-ed"), ("out", "south"))},
    ("measures:groups", "-"): to("measures:groups"),
    ("measures:heard", "-"): to("measures:heard"),
    ("measures:care", "-"): to("measures:care"),
    ("measures:wrong_hat", "-"): to("measures:wrong_hat"),
    ("served:sample", "-"): to("served:sample"),
    ("served:next", "-"): to("served:next"),
    ("served:one", "in"): to("served:one", thing=ANAS_VISIT, side="patient"),
    ("served:one", "out"): to("served:one", thing=OMARS_VISIT, side="patient"),
    ("served:one", "no-such-side"): to("served:one", thing=ANAS_VISIT, side="mixed"),
    ("served:one", "say-in"): to("served:one", post={"answer": "patient_wrong"}, thing=ANAS_VISIT, side="patient"),
    ("served:one", "say-out"): to("served:one", post={"answer": "patient_wrong"}, thing=OMARS_VISIT, side="patient"),
    ("served:one", "say-nothing"): to("served:one", post={}, thing=ANAS_VISIT, side="patient"),
    ("measures:drivers", "-"): to("measures:drivers"),
    ("measures:among", "-"): to("measures:among"),
    **{(f"measures:{page}_{kind}", "-"): to(f"measures:{page}_{kind}")
       for page in ("groups", "heard", "care", "wrong_hat", "drivers", "among") for kind in ("csv", "xlsx", "pdf")},
    **{(f"measures:official_{kind}", where): to(f"measures:official_{kind}", f"?unit={unit}")
       for kind in ("csv", "xlsx", "pdf") for where, unit in (("in", "north"), ("out", "south"))},
    ("measures:write", "in"): to("measures:write", "?unit=north", key="no_show", what="rebase"),
    ("measures:write", "out"): to("measures:write", "?unit=south", key="no_show", what="rebase"),
    ("measures:write", "write-in"): to("measures:write", "?unit=north-ed", post=NOTE, key="no_show", what="note"),
    ("measures:write", "write-nothing"): to("measures:write", "?unit=north-ed", post={}, key="no_show", what="note"),
    ("measures:write", "write-out"): to("measures:write", "?unit=south", post=NOTE, key="no_show", what="note"),
    ("measures:write", "no-chart"): to("measures:write", "?unit=north-ed", key="no_show", what="rebase"),
    ("measures:withdraw", "in"): of_mark("measures:withdraw", ChartRebase, "north"),
    ("measures:withdraw", "out"): of_mark("measures:withdraw", ChartRebase, "south"),
    ("measures:remove_note", "in"): of_mark("measures:remove_note", ChartNote, "north"),
    ("measures:remove_note", "out"): of_mark("measures:remove_note", ChartNote, "south"),
    ("measures:notes", "-"): to("measures:notes"),
    ("leader:picture", "in"): to("leader:picture", "?unit=north-ed", name="turns-patient"),
    ("leader:picture", "out"): to("leader:picture", "?unit=south", name="turns-patient"),
    ("person:find", "-"): to("person:find"),
    ("person:find", "in"): to("person:find", post={"id": "Patient/ana"}),
    ("person:find", "out"): to("person:find", post={"id": "Patient/omar"}),
    ("person:journey", "in"): to("person:journey", key=ANA),
    ("person:journey", "out"): to("person:journey", key=OMAR),
    ("person:overrule", "in"): to("person:overrule", post={"interaction": ANAS, "hat": "mixed"}, key=ANA),
    ("person:overrule", "out"): to("person:overrule", post={"interaction": OMARS, "hat": "mixed"}, key=OMAR),
    ("front_desk:today", "-"): to("front_desk:today"),
    ("front_desk:card", "in"): to("front_desk:card", key=BEN),
    ("front_desk:card", "out"): to("front_desk:card", key=OMAR),
    ("front_desk:overrule", "in"): to("front_desk:overrule", post={"interaction": BENS, "hat": "mixed"}, key=BEN),
    ("front_desk:overrule", "out"): to("front_desk:overrule", post={"interaction": OMARS, "hat": "mixed"}, key=OMAR),
    ("front_desk:card_now", "in"): to("front_desk:card_now", key=BEN),
    ("front_desk:card_now", "out"): to("front_desk:card_now", key=OMAR),
    ("front_desk:nurse", "in"): to("front_desk:nurse", post={}, key=BEN),
    ("front_desk:nurse", "out"): to("front_desk:nurse", post={}, key=OMAR),
    ("front_desk:somebody", "-"): to("front_desk:somebody"),
    ("front_desk:somebody", "in"): to("front_desk:somebody", post={"unit": "north-ed"}),
    ("front_desk:somebody", "out"): to("front_desk:somebody", post={"unit": "south"}),
    ("front_desk:log", "in"): to("front_desk:log", key=BEN),
    ("front_desk:log", "keep"): to("front_desk:log", post=HAPPENED, key=BEN),
    ("front_desk:log", "out"): to("front_desk:log", post=HAPPENED, key=OMAR),
    ("alerts:list", "-"): to("alerts:list"),
    ("alerts:alert", "in"): of_alert("alerts:alert", "north-ed"),
    ("alerts:alert", "out"): of_alert("alerts:alert", "south"),
    ("alerts:on_it", "in"): of_alert("alerts:on_it", "north-ed", {}),
    ("alerts:on_it", "out"): of_alert("alerts:on_it", "south", {}),
    ("alerts:end", "in"): of_alert("alerts:end", "north-ed", {"outcome": "reached"}),
    ("alerts:end", "out"): of_alert("alerts:end", "south", {"outcome": "reached"}),
    ("alerts:end_old", "-"): to("alerts:end_old"),
    ("alerts:end_old", "end"): to("alerts:end_old", post={"days": "30", "note": "comments of years ago"}),
    ("alerts:recipients", "-"): to("alerts:recipients"),
    ("alerts:recipients", "choose"): to("alerts:recipients", post=CHOSEN | {"unit": "north-ed"}),
    ("alerts:recipients", "choose-out"): to("alerts:recipients", post=CHOSEN | {"unit": "south"}),
    ("alerts:drop", "in"): of_recipient("north"),
    ("alerts:drop", "out"): of_recipient("south"),
    ("review:queues", "-"): to("review:queues"),
    ("review:corrections", "-"): to("review:corrections"),
    ("review:agreement", "-"): to("review:agreement"),
    ("review:drift", "-"): to("review:drift"),
    ("review:drift", "no-service"): to("review:drift", "?service=nowhere"),
    ("review:differences", "-"): to("review:differences"),
    ("review:settle", "in"): to("review:settle", key=DIFFERING),
    ("review:settle", "settle-in"): to("review:settle", post={"as_reader": "second"}, key=DIFFERING),
    ("review:settle", "nothing"): to("review:settle", key=CLAUSE),
    ("review:settle", "out"): to("review:settle", key=OMARS_CLAUSE),
    ("review:next", "-"): to("review:next", name="unsure"),
    ("review:clause", "in"): to("review:clause", name="unsure", key=CLAUSE),
    ("review:clause", "read-in"): to("review:clause", post=LABELS, name="unsure", key=CLAUSE),
    ("review:clause", "read-nothing"): to("review:clause", post={}, name="unsure", key=CLAUSE),
    ("review:clause", "out"): to("review:clause", name="unsure", key=OMARS_CLAUSE),
    ("review:clause", "read-out"): to("review:clause", post=LABELS, name="unsure", key=OMARS_CLAUSE),
    ("quality:reports", "-"): to("quality:reports"),
    ("quality:landing", "in"): to("quality:landing", landing=LANDING),
    ("quality:landing", "out"): to("quality:landing", landing="00000000000000bb"),
    ("analyst:shelf", "-"): to("analyst:shelf"),
    ("analyst:begin_extract", "-"): to("analyst:begin_extract", post={}),
    ("analyst:codebook", "people"): to("analyst:codebook", name="people"),
    ("analyst:codebook", "totals"): to("analyst:codebook", name="totals"),
    **{("analyst:download", f"{name}/{form}"): to("analyst:download", name=name, form=form, kind="csv")
       for name, form in (("people", "masked"), ("people", "panel"), ("people", "totals"), ("totals", "totals"),
                          ("totals", "masked"))},
    ("places:zones", "-"): to("places:zones"),
    ("places:place", "in"): to("places:place", "?place=Location/p7"),
    ("places:place", "out"): to("places:place", "?place=Location/south"),
    ("places:place", "correct-in"): to("places:place", "?place=Location/p7", post={"zone": "waiting"}),
    ("places:place", "correct-out"): to("places:place", "?place=Location/south", post={"zone": "waiting"}),
    ("comments:search", "in"): to("comments:search", "?unit=north-ed"),
    ("comments:search", "out"): to("comments:search", "?unit=south"),
    ("comments:download", "in"): to("comments:download", "?unit=north-ed"),
    ("comments:download", "out"): to("comments:download", "?unit=south"),
    ("choices:page", "nothing"): to("choices:page", token="guessed"),
    ("choices:page", "in"): to("choices:page", token=TOKEN),
    ("choices:page", "keep"): to("choices:page", post={"class-survey": "on"}, token=TOKEN),
    ("messages:ledger", "-"): to("messages:ledger"),
    ("messages:message", "in"): of_message("messages:message", "north-ed"),
    ("messages:message", "out"): of_message("messages:message", "south"),
    ("messages:done", "in"): of_message("messages:done", "north-ed", {}),
    ("messages:done", "out"): of_message("messages:done", "south", {}),
    ("messages:person", "in"): to("messages:person", key=ANA),
    ("messages:person", "out"): to("messages:person", key=OMAR),
    ("messages:write", "in"): to("messages:write", post={"letter": "please_call", "channel": "letter"}, key=ANA),
    ("messages:write", "out"): to("messages:write", post={"letter": "please_call", "channel": "letter"}, key=OMAR),
    ("messages:end_all", "in"): to("messages:end_all", post={"says": "death"}, key=ANA),
    ("messages:end_all", "out"): to("messages:end_all", post={"says": "death"}, key=OMAR),
    ("messages:rules", "-"): to("messages:rules"),
    ("messages:rules", "unseen"): to("messages:rules", post=RULES),
    ("messages:rules", "never"): to("messages:rules", post=RULES | {"quiet_from": 9}),
    ("messages:strategies", "-"): to("messages:strategies"),
    ("messages:draft", "-"): to("messages:draft"),
    ("messages:draft", "test"): to("messages:draft", post=typed_strategies()),
    ("messages:draft", "no-way"): to("messages:draft",
                                                 post=typed_strategies() | {"customer-way_0": "fax"}),
    ("messages:tested", "-"): a_test(None),
    ("messages:tested", "live"): a_test({"version": "ours-2", "reason": "drawn for the sweep"}),
    ("messages:tested", "nothing"): to("messages:tested", number=999_999),
    ("messages:strategies_back", "-"): to("messages:strategies_back",
                                          post={"version": "2026-11", "reason": "drawn for the sweep"}),
    ("messages:strategies_back", "never"): to("messages:strategies_back", post={"version": "never", "reason": "no"}),
    ("answering:form", "nothing"): to("answering:form", token="guessed"),
    ("answering:form", "in"): to("answering:form", token=SAY),
    ("answering:step", "in"): to("answering:step", token=SAY, number=4),
    ("answering:step", "keep"): to("answering:step", post={"answer": "less"}, token=SAY, number=2),
    ("answering:step", "nothing"): to("answering:step", post={"answer": "less"}, token="guessed", number=2),
    ("answering:again", "in"): to("answering:again", post={}, token=SAY),
    ("answering:again", "nothing"): to("answering:again", post={}, token="guessed"),
    ("asking:requests", "-"): to("asking:requests"),
    ("asking:person", "in"): to("asking:person", key=ANA),
    ("asking:person", "out"): to("asking:person", key=OMAR),
    ("asking:ask", "in"): to("asking:ask", post={"form": "one_tap", "channel": "email"}, key=ANA),
    ("asking:ask", "out"): to("asking:ask", post={"form": "one_tap", "channel": "email"}, key=OMAR),
    ("asking:write_down", "in"): of_request("north-ed"),
    ("asking:write_down", "out"): of_request("south"),
    ("asking:write_down", "keep"): of_request("north-ed", {"mode": "desk", "respondent": "self"}),
    ("asking:supplemental", "-"): to("asking:supplemental"),
    ("asking:supplemental", "add"): to("asking:supplemental", post={"item": "pulse|satisfaction"}),
    ("asking:drop", "in"): Asked(lambda: reverse("asking:drop", args=[a_number(SupplementalItem.objects.all())]), {}),
    ("cases:list", "-"): to("cases:list"),
    ("cases:grievances", "-"): to("cases:grievances"),
    **{(f"cases:{name}", where): of_case(f"cases:{name}", unit, post) for where, unit in (
        ("in", "north-ed"), ("out", "south")) for name, post in (
        ("case", None), ("take", {}), ("spoke", {"reached": "yes"}), ("end", {"outcome": "solved", "said": "Done."}),
        ("open_again", {}), ("decide", {"is": "none"}), ("letter", LETTER))},
    ("lost_track:lists", "-"): to("lost_track:lists"),
    ("lost_track:list", "in"): to("lost_track:list", kind="told_to_book"),
    ("lost_track:list", "waiting"): to("lost_track:list", kind="screened"),
    ("lost_track:one", "in"): to("lost_track:one", hand_off=LOST),
    ("lost_track:one", "out"): to("lost_track:one", hand_off=OMARS_LOST),
    ("lost_track:one", "keep"): to("lost_track:one", post={"says": "done_now"}, hand_off=LOST),
    ("lost_track:one", "keep-out"): to("lost_track:one", post={"says": "done_now"}, hand_off=OMARS_LOST),
    ("lost_track:one", "labelled"): to("lost_track:one", hand_off=LABELLED_LOST),
    ("lost_track:word", "in"): to("lost_track:word", post={}, hand_off=LOST, says="taken"),
    ("lost_track:word", "out"): to("lost_track:word", post={}, hand_off=OMARS_LOST, says="taken"),
    ("lost_track:word", "no-word"): to("lost_track:word", post={}, hand_off=LOST, says="done_now"),
    ("since_monday:week", "-"): to("since_monday:week"),
    ("since_monday:overrules", "-"): to("since_monday:overrules"),
    ("thanks:mine", "-"): to("thanks:mine"),
    ("thanks:passed_on", "-"): to("thanks:passed_on"),
    ("thanks:pass_on", "in"): to("thanks:pass_on", clause=PRAISE),
    ("thanks:pass_on", "send"): to("thanks:pass_on", post={"to": "unit:north-ed"}, clause=PRAISE),
    ("thanks:pass_on", "no-praise"): to("thanks:pass_on", clause=COMPLAINT),
    ("thanks:pass_on", "out"): to("thanks:pass_on", clause=ELSEWHERE),
    ("users:everybody", "-"): to("users:everybody"),
    ("users:everybody", "let-in"): to("users:everybody", post=NEW | {"unit": "north-ed"}),
    ("users:everybody", "let-in-out"): to("users:everybody", post=NEW | {"unit": "south"}),
    ("users:change_role", "in"): of_user("users:change_role", "navigator", {"role": "leader", "unit": "north-ed"}),
    ("users:change_role", "out"): of_user("users:change_role", "navigator", {"role": "leader", "unit": "*"}),
    ("users:change_role", "nobodys"): of_user("users:change_role", "gus", {"role": "leader", "unit": "north"}),
    ("users:say_staff", "in"): of_user("users:say_staff", "navigator", {"staff": "Practitioner/1"}),
    ("users:say_staff", "nobodys"): of_user("users:say_staff", "gus", {"staff": "Practitioner/1"}),
    ("users:shut_out", "in"): of_user("users:shut_out", "navigator", {}),
    ("users:shut_out", "nobodys"): of_user("users:shut_out", "gus", {}),
    ("hidden_kinds:list", "-"): to("hidden_kinds:list"),
    ("hidden_kinds:list", "hide"): to("hidden_kinds:list", post={"kind": "unit:north-ed", "hidden": "1"}),
    ("api:events", "-"): to("api:events"),
    ("api:events", "send"): to("api:events", post={}),
    ("api:reports", "-"): to("api:reports"),
    ("api:reports", "send"): to("api:reports", post={}),
    ("audit:events", "-"): to("audit:events"),
    ("audit:open", "in"): to("audit:open", kind="person", thing=str(ANA)),
    ("audit:open", "out"): to("audit:open", kind="person", thing=str(OMAR)),
    ("audit:open", "lines"): to("audit:open", kind="lines", thing=LANDING),
    ("audit:open", "no-lines"): to("audit:open", kind="lines", thing="00000000000000bb"),
    ("audit:openings", "-"): to("audit:openings"),
    ("audit:review", "in"): Asked(lambda: reverse("audit:review", args=[BreakGlass.objects.get().pk]),
                                  {"verdict": "justified"}),
    ("audit:review", "out"): to("audit:review", post={"verdict": "justified"}, number=999_999),
}


def routes(patterns=None, namespace: str = "") -> dict[str, URLPattern]:
    """Every route of the site by its full name."""
    found: dict[str, URLPattern] = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= routes(pattern.url_patterns, inner)
        else:
            found[f"{namespace}{pattern.name}"] = pattern
    return found


def test_every_route_has_a_policy():
    without = [name for name, pattern in routes().items()
               if not isinstance(getattr(pattern.callback, "door", None), Door)]
    assert without == []


def test_a_route_that_stands_open_says_why():
    silent = [name for name, pattern in routes().items()
              if not pattern.callback.door.permissions and not pattern.callback.door.why.endswith(".")]
    assert silent == []


def test_every_route_is_in_the_table():
    assert {line.split()[0] for line in EXPECTED.split("\n") if line} == set(routes())
    assert {tuple(line.split()[:2]) for line in EXPECTED.split("\n") if line} == set(ASKED)


@pytest.fixture
def an_opening(readers):
    from twohats.service.actions import break_glass

    return break_glass.break_glass(kind="person", thing="1", reason="drawn for the sweep", by=readers["navigator"])


@pytest.fixture
def a_difference(readers):
    """The leader and the analyst, say, differ on a clause of the north and on one of the south."""
    from twohats.service.actions.readings import Label, Queue, Told, read_clause

    for clause, unit in ((DIFFERING, "north-ed"), (OMARS_CLAUSE, "south")):
        for name, hat in (("leader", "customer"), ("analyst", "patient")):
            read_clause(told=Told(clause, 1, "comments/1", 0, unit, "drawn"), by=readers[name], queue=Queue.UNSURE,
                        label=Label(hat, "informed_updates", -1, "patient"))


@pytest.fixture
def marked(readers):
    """The leader wrote on a chart of the north and on one of the south."""
    from twohats.service.actions import marks

    for unit in ("north", "south"):
        told = {"chart": marks.Chart("no_show", unit), "month": "2026-08", "by": readers["leader"]}
        marks.rebase(reason="drawn for the sweep", **told)
        marks.write_note(words="drawn for the sweep", **told)


@pytest.fixture
def strategies_of_our_own(readers):
    """A version of the hospital's own holds, and the next draft was tested and looked at."""
    from django.utils import timezone

    from twohats.care.contact.strategies import shipped_book
    from twohats.service.actions import strategies

    for version in ("ours-1", ""):
        test = strategies.draft_and_test(book=shipped_book(), by=readers["administrator"], now=timezone.now())
        strategies.see(test=test, now=timezone.now())
        if version:
            strategies.go_live(test=test, version=version, reason="drawn for the sweep", by=readers["administrator"])


def test_every_reader_is_answered_as_the_table_says(readers, an_opening, urgent, a_difference, by_hand, marked,
                                                      asked_how_it_was, strategies_of_our_own):
    answered = []
    for line in EXPECTED.strip().split("\n"):
        route, thing = line.split()[:2]
        asked = ASKED[route, thing]
        row = [answer(asked, None if name == "nobody" else readers[name]) for name in ("nobody", *READERS)]
        answered.append(f"{route:26}{thing:26}" + "    ".join(row))
    assert answered == EXPECTED.strip().split("\n")


def answer(asked: Asked, user) -> str:
    from django.db import transaction

    with transaction.atomic():
        client = logged_in(user)
        path = asked.path()
        response = client.get(path) if asked.post is None else client.post(path, asked.post)
        if response.streaming:
            b"".join(response.streaming_content)
        if response.status_code == 302 and user is None and asked.post is None:
            assert response["Location"].startswith("/log-in?next=")
        transaction.set_rollback(True)
    return str(response.status_code)


@pytest.mark.parametrize(("path", "name"), [(f"/people/{OMAR}/", "navigator"), (f"/desk/{OMAR}/", "front_desk")])
def test_outside_the_units_is_answered_like_what_does_not_exist(readers, path, name):
    client = logged_in(readers[name])
    outside, nowhere = client.get(path), client.get(path.replace(str(OMAR), "12345"))
    assert (outside.status_code, nowhere.status_code) == (404, 404)
    assert body(outside, str(OMAR)) == body(nowhere, "12345")


def body(response, key: str) -> str:
    import re

    text = response.content.decode().replace(key, "KEY")
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)


def test_a_refusal_leaves_a_trace(readers):
    logged_in(readers["gus"]).get("/overview/")
    logged_in(readers["navigator"]).get(f"/people/{OMAR}/")
    left = AuditEvent.objects.filter(verb="refused").order_by("pk").values_list("user_number", "kind", "thing")
    assert list(left) == [
        (readers["gus"].pk, "page", "leader:overview"), (readers["navigator"].pk, "journey", str(OMAR))]


def test_a_look_at_a_person_leaves_a_trace(readers):
    logged_in(readers["navigator"]).get(f"/people/{ANA}/")
    logged_in(readers["front_desk"]).get(f"/desk/{BEN}/")
    assert list(AuditEvent.objects.filter(verb="looked at").order_by("pk").values_list("user_number", "thing")) == [
        (readers["navigator"].pk, str(ANA)), (readers["front_desk"].pk, str(BEN))]


def test_a_role_that_was_taken_opens_nothing_from_the_next_request_on(readers):
    from twohats.service.actions import people
    from twohats.service.policy import Role

    client = logged_in(readers["navigator"])
    assert client.get(f"/people/{ANA}/").status_code == 200
    people.take_role(user=readers["navigator"], role=Role.NAVIGATOR, unit="north", by=None)
    assert client.get(f"/people/{ANA}/").status_code == 403

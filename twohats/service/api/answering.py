"""What every address for machines does alike: refuses unread what is no POST or too long, and tells what to mend."""

from django.http import HttpRequest, JsonResponse

from twohats.service.api.reading import LONGEST
from twohats.words.problems import Problem


def unread(request: HttpRequest, what: str) -> JsonResponse | None:
    """The answer to what is refused before its body is read; None for what may be read."""
    if request.method != "POST":
        answer = told(Problem(f"{what} are sent here with POST.", "method", "Send POST."), 405)
        answer["Allow"] = "POST"
        return answer
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        return told(Problem("The body is longer than 64 KiB.", "body", f"Send {what.lower()} one at a time."), 413)
    return None


def told(problem: Problem, status: int) -> JsonResponse:
    """What is wrong, where, and what to try."""
    return JsonResponse({"problem": problem.what, "where": problem.where, "try": problem.try_this}, status=status)

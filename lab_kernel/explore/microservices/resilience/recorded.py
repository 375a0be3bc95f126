"""The same on a real server: recorded on the loopback."""

from __future__ import annotations

from lab_kernel import host
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.microservices.resilience import wording
from lab_kernel.language import N_, _

CASES = {
    "plain": N_("three tries"),
    "budget": N_("three tries, a budget of a tenth"),
    "bounded": N_("three tries, a queue of at most eight"),
}

CAPACITY = ((0, 50), (3, 12.5), (6, 50))  # requests a second, from when on


@explorable(
    "microservices/resilience/recorded",
    title=N_("A real retry storm"),
    predict=N_(
        "A real server can do 50 requests a second and gets 30. In seconds 3 to 6 it is four times"
        " slower. Clients wait 0.4 s and try three times. What does it answer in second 14?"
    ),
    controls=(
        Choice(name="case", label=N_("Recorded"), default="plain", options=tuple(CASES.items())),
    ),
)
def recorded(case: str) -> View:
    """Requests, tries and answers of each second, as the recorder counted them."""
    recording = host.recording("retries")
    seconds = [tuple(each) for each in recording.data[case]["seconds"]]
    begun, tries, good = (sum(numbers) for numbers in zip(*seconds, strict=True))
    well = [n for n, (asked, _tries, came) in enumerate(seconds) if n > 6 and came == asked]
    says = _("{tries} for {requests}, of which {good} were answered in time. {end}").format(
        tries=wording.tries(tries),
        requests=wording.requests(begun),
        good=f"{good:,}",
        end=_("From second {n} on all were.").format(n=well[0])
        if well
        else _("After the trouble none was answered any more."),
    )
    picture = wording.rates(
        seconds,
        CAPACITY,
        _("A real server; trouble from second 3 to 6"),
        f"{says} {recording.source}.",
    )
    return View((picture,), says, {"tries": tries, "requests": begun, "answered": good})

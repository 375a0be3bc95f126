"""Where a program keeps its data, and whether the data comes along."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.portability import (
    DEV,
    LAYER,
    LAYOUT,
    PATH,
    PROD,
    SERVICE,
    STORES,
    VOLUME,
    Host,
    Shared,
)
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _

STORE_NAMES = {
    LAYER: N_("the container's own files"),
    VOLUME: N_("a volume of the host"),
    SERVICE: N_("a backing service"),
}


def numbers(store: str, before: int) -> list[int]:
    """The receipts' numbers: so many containers on dev, each a new one, then one on prod."""
    shared = {"db": Shared()}
    dev, prod = Host(DEV, shared), Host(PROD, shared)
    runs = [dev.run(PATH, LAYOUT, store=store) for _n in range(before)]
    runs.append(prod.run(PATH, LAYOUT, store=store))
    return [int(start.printed.split()[1].rstrip(":")) for start in runs]


@explorable(
    "containers/portability/stored",
    title=N_("The image moved. Did the data?"),
    predict=N_(
        "Every container writes receipts and numbers them from the last one that it finds. Which"
        " number does the first receipt on prod get?"
    ),
    controls=(
        Whole(name="before", label=N_("Containers on dev before"), default=3, low=1, high=5),
    ),
)
def stored(before: int) -> View:
    """One number for each container, by where it is kept."""
    found = {store: numbers(store, before) for store in STORES}
    new, goes_on = _("begins again"), _("goes on")
    rows = [
        fig.Row(
            _(STORE_NAMES[store]),
            [fig.Cell(str(number), new if number == 1 else goes_on) for number in counted],
        )
        for store, counted in found.items()
    ]
    heads = [*(f"dev {n + 1}" for n in range(before)), "prod"]
    says = _(
        "On prod the first receipt is number {layer} from the container's own files, {volume} from"
        " a volume and {service} from a backing service."
    ).format(layer=found[LAYER][-1], volume=found[VOLUME][-1], service=found[SERVICE][-1])
    picture = fig.table(
        heads,
        rows,
        title=_("The number of the receipt in each container"),
        description=says,
        states=(goes_on, new),
    )
    return View((picture,), says)

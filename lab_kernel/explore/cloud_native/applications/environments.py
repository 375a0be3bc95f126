"""One specification in three environments."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.cloud_native.environments import ENVIRONMENTS, Spec, apply, differences
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.language import N_, _

NAMES = {
    "public": N_("public cloud"),
    "private": N_("private cloud"),
    "laptop": N_("laptop"),
}
PROPERTIES = {
    "image": N_("image"),
    "replicas wanted": N_("replicas wanted"),
    "port": N_("port"),
    "requests": N_("resources requested"),
    "placed on": N_("placed on"),
    "pending": N_("pending"),
    "architecture": N_("architecture"),
    "way in": N_("way in"),
    "storage": N_("storage"),
}
WORDS = {
    "cloud load balancer": N_("cloud load balancer"),
    "network disk": N_("network disk"),
    "ingress on a fixed address": N_("ingress on a fixed address"),
    "storage of the data centre": N_("storage of the data centre"),
    "local folder": N_("local folder"),
}
INDEXES = {"both": ("amd64", "arm64"), "amd64": ("amd64",)}


@explorable(
    "cloud-native/applications/environments",
    title=N_("One specification, three environments"),
    predict=N_(
        "The same specification is applied to a public cloud, a private one and a laptop. Which"
        " lines of the result will be the same in all three?"
    ),
    controls=(
        Whole(name="replicas", label=N_("Replicas"), default=3, low=1, high=12),
        Choice(
            name="image",
            label=N_("The image is built for"),
            default="both",
            options=(("both", "amd64, arm64"), ("amd64", "amd64")),
        ),
    ),
)
def environments(replicas: int, image: str) -> View:
    """Property by property: the specification's, or the environment's."""
    spec = Spec(replicas=replicas, architectures=INDEXES[image])
    states = [apply(spec, one) for one in ENVIRONMENTS]
    same, other = differences(states)
    portable, own = _("the same everywhere"), _("the environment's own")
    rows = []
    for name in PROPERTIES:
        values = [same[name]] * len(states) if name in same else other[name]
        state = portable if name in same else own
        cells = [fig.Cell(_words(value), state) for value in values]
        rows.append(fig.Row(_(PROPERTIES[name]), cells))
    says = _("{same} of {all} properties are the same in all three; pending: {pending}.").format(
        same=len(same),
        all=len(PROPERTIES),
        pending=", ".join(f"{_(NAMES[one.environment.name])} {one.pending}" for one in states),
    )
    picture = fig.table(
        [_(NAMES[one.environment.name]) for one in states],
        rows,
        title=_("What came of it"),
        description=says,
        states=(portable, own),
    )
    return View((picture,), says)


def _words(value: str) -> str:
    """A word of ours is translated; a long list of nodes is counted."""
    if value in WORDS:
        return _(WORDS[value])
    parts = value.split(", ")
    if len(parts) > 1 and len(set(parts)) < len(parts):
        counts = {part: parts.count(part) for part in parts}
        return ", ".join(f"{part} ×{n}" if n > 1 else part for part, n in counts.items())
    return value.rpartition("/")[2]

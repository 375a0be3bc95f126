"""A tag is a note that is rewritten; a digest is the content's own name."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab_kernel import figures as fig
from lab_kernel.containers.image import Image, Layout, build, flatten, load, tree
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.containers.images.shipping import short
from lab_kernel.language import N_, _

LINES = "FROM scratch\nCOPY app /app\n"
STEPS = (
    N_("build v1"),
    N_("start"),
    N_("build v2"),
    N_("restart"),
    N_("latest to v1"),
    N_("restart"),
)


@dataclass
class Registry:
    """One layout, and what two servers run: one starts a tag, one a digest."""

    layout: Layout = field(default_factory=Layout)
    servers: dict[str, str] = field(default_factory=dict)
    pinned: str = ""

    def publish(self, version: str) -> Image:
        image = build(tree({"Containerfile": LINES, "app": version}), self.layout)
        self.layout.tag(version, image.manifest)
        self.layout.tag("latest", image.manifest)
        return image

    def start(self, tag: str) -> None:
        for server, reference in (("tag", tag), ("digest", self.pinned)):
            files = flatten(load(self.layout, reference))
            self.servers[server] = files["app"].content.decode()


def after(step: int, tag: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """After each of the first steps: what every tag points to, and what each server runs."""
    registry, told = Registry(), []
    for number in range(1, step + 1):
        if number == 1:
            registry.pinned = registry.publish("v1").manifest.digest
        elif number == 3:
            registry.publish("v2")
        elif number == 5:
            registry.layout.tag("latest", registry.layout.tags["v1"])
        else:
            registry.start(tag)
        tags = {name: one.digest for name, one in registry.layout.tags.items()}
        told.append((tags, dict(registry.servers)))
    return told


@explorable(
    "containers/images/naming",
    title=N_("Two servers, one tag"),
    predict=N_(
        "One server starts the image by a tag, the other by the digest of v1. After v2 is published"
        " and both are restarted, which versions run?"
    ),
    controls=(
        Whole(name="step", label=N_("Step"), low=1, high=len(STEPS), default=4),
        Choice(
            name="tag",
            label=N_("The first server starts"),
            default="latest",
            options=(("latest", "latest"), ("v1", "v1")),
        ),
    ),
)
def naming(step: int, tag: str) -> View:
    """A row for each step: where the tags point, and what runs.

    A build tags what it made with its version and with latest; a start pulls what the name means.
    """
    told = after(step, tag)
    ones = list(dict.fromkeys(digest for tags, _servers in told for digest in tags.values()))
    states = [_("first content"), _("second content")]
    runs = {"v1": states[0], "v2": states[1]}
    rows = []
    for number, (tags, servers) in enumerate(told, 1):
        cells = []
        for name in ("v1", "v2", "latest"):
            found = tags.get(name, "")
            cells.append(
                fig.Cell(short(found)[:4] or "-", states[ones.index(found)] if found else "")
            )
        for server in ("tag", "digest"):
            version = servers.get(server, "")
            cells.append(fig.Cell(version or "-", runs.get(version, ""), number == step))
        rows.append(fig.Row(f"{number} {_(STEPS[number - 1])}", cells))
    tags, servers = told[-1]
    says = _(
        "After step {step}, latest is {latest}. The server that starts the tag {tag} runs {one},"
        " the one that starts a digest runs {other}."
    ).format(
        step=step,
        latest=short(tags["latest"]),
        tag=tag,
        one=servers.get("tag", _("nothing")),
        other=servers.get("digest", _("nothing")),
    )
    picture = fig.table(
        ("v1", "v2", "latest", _("by {tag}").format(tag=tag), _("by digest")),
        rows,
        title=_("Where the tags point, and what runs"),
        description=" ".join(
            f"{row.head}: " + ", ".join(cell.words for cell in row.cells) + "." for row in rows
        ),
        states=states,
    )
    return View((picture,), says)

"""``lab-kernel cluster apply``: real Kubernetes manifests on a simulated cluster."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

from lab_kernel.cli.files import read_text, write_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.core import MOST_NODES
from lab_kernel.cloud_native.objects import KINDS, Deployment, Node, Pod
from lab_kernel.cloud_native.scenarios import SCENARIOS, scenario
from lab_kernel.cloud_native.traffic import outcomes
from lab_kernel.cloud_native.views import timeline_of, told_events
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

summary = N_("A cluster: apply Kubernetes manifests to simulated machines, and see what happens.")
example = "cluster apply shop.yaml --nodes 3 --until 600 --scenario node-failure"

MOST_SECONDS = 100_000
_KINDS = [kind for _version, kind in KINDS]
_SLOW = 2  # seconds of real time without a word


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("action", choices=["apply"], help=_("what to do"))
    parser.add_argument(
        "files",
        metavar="FILE.yaml",
        nargs="+",
        help=_("manifests: {kinds}; - is standard input").format(kinds=", ".join(_KINDS)),
    )
    parser.add_argument(
        "--nodes", type=whole(1, MOST_NODES), default=3, metavar="N",
        help=_("how many machines (default: 3)"),
    )  # fmt: skip
    parser.add_argument(
        "--node-cpu", default="4", metavar="CPU", help=_("what pods may use of each (default: 4)")
    )
    parser.add_argument(
        "--node-memory", default="8Gi", metavar="MEMORY",
        help=_("what pods may use of each (default: 8Gi)"),
    )  # fmt: skip
    parser.add_argument(
        "--until", type=whole(1, MOST_SECONDS), default=600, metavar="SECONDS",
        help=_("how long to simulate (default: 600)"),
    )  # fmt: skip
    parser.add_argument(
        "--scenario", default="none", metavar="NAME",
        help=_("what goes wrong (default: none):") + "".join(
            f" {each.name} ({_(each.summary)});" for each in SCENARIOS.values()
        ).rstrip(";"),
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole(0, 1 << 32), default=0, metavar="N",
        help=_("of the made-up names (default: 0)"),
    )  # fmt: skip
    parser.add_argument(
        "--timeline", metavar="FILE.svg", help=_("draw what became of each pod, too")
    )
    parser.add_argument(
        "--chrome", metavar="FILE.json", help=_("write all for ui.perfetto.dev, too")
    )


def run(args: argparse.Namespace) -> int:
    plan = scenario(args.scenario).plan
    texts = [(_called(name), _read(name)) for name in args.files]
    try:
        cluster = Cluster(args.nodes, cpu=args.node_cpu, memory=args.node_memory, seed=args.seed)
    except BadInput as error:
        option = {"cpu": "node_cpu", "memory": "node_memory"}.get(error.argument, error.argument)
        raise BadInput(option, error.message) from error
    applied = [line for name, text in texts for line in cluster.apply(text, name)]
    plan(cluster)
    _run(cluster, args.until)
    if args.timeline:
        write_text("timeline", args.timeline, timeline_of(cluster.trace).svg)
    if args.chrome:
        written = json.dumps(chrome(cluster), ensure_ascii=False, allow_nan=False)
        write_text("chrome", args.chrome, written + "\n")
    if args.json:
        print_json(report(cluster, applied))
    else:
        _print(cluster, applied)
    return 0


def _called(name: str) -> str:
    return "stdin" if name == "-" else name


def _read(name: str) -> str:
    if name != "-":
        return read_text("FILE.yaml", name)
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise BadInput("stdin", _("{path} is not a text file").format(path="-")) from None


def _run(cluster: Cluster, until: int) -> None:
    """Simulate; a word on how far it is when that takes longer than one likes to wait."""
    last = time.monotonic()
    for second in range(1, until + 1):
        cluster.run(second)
        if time.monotonic() - last > _SLOW:
            last = time.monotonic()
            message = _("second {now} of {until}").format(now=second, until=until)
            print(message, file=sys.stderr, flush=True)


def chrome(cluster: Cluster) -> dict[str, Any]:
    """The cluster's trace; a millisecond is drawn as one."""
    written = cluster.trace.to_chrome()
    for event in written["traceEvents"]:
        for field in ("ts", "dur"):
            if field in event:
                event[field] *= 1000  # Chrome counts microseconds
    return written


def report(cluster: Cluster, applied: Iterable[str]) -> dict[str, Any]:
    """The run as a JSON object; times in seconds."""
    return {
        "applied": list(applied),
        "until": cluster.now,
        "converged": cluster.converged(),
        "requests": outcomes(cluster.trace),
        "events": told_events(cluster.record.events()),
        "deployments": [
            {
                "name": each.metadata.name,
                "replicas": each.spec.replicas,
                "updated": each.status.updated,
                "ready": each.status.ready,
                "available": each.status.available,
                "revision": each.status.revision,
            }
            for each in cluster.store.all(Deployment)
        ],
        "pods": [
            {
                "name": pod.metadata.name,
                "node": pod.spec.node_name,
                "status": shown(pod),
                "ready": pod.status.ready,
                "restarts": sum(each.restarts for each in pod.status.containers),
                "created": pod.metadata.created / 1000,
            }
            for pod in cluster.store.all(Pod)
        ],
        "nodes": [
            {"name": node.metadata.name, "ready": node.status.ready == "True"}
            for node in cluster.store.all(Node)
        ],
    }


def shown(pod: Pod) -> str:
    """The column STATUS of kubectl get pods."""
    if pod.metadata.deleted is not None:
        return "Terminating"
    waiting = [each.reason for each in pod.status.containers if each.state == "waiting"]
    return waiting[0] if waiting else pod.status.phase


def _print(cluster: Cluster, applied: Iterable[str]) -> None:
    print("\n".join(applied), end="\n\n")
    rows: list[Sequence[object]] = [("SECOND", "TYPE", "REASON", "OBJECT", "MESSAGE")]
    for event in told_events(cluster.record.events()):
        times = f" (x{event['count']} until {event['last']:.3f})" if event["count"] > 1 else ""
        rows.append(
            (f"{event['time']:.3f}", event["type"], event["reason"], event["object"],
             event["message"] + times)
        )  # fmt: skip
    print(columns(rows, indent=""), end="\n\n")
    told = report(cluster, ())
    if told["requests"]:
        names = [name.upper() for name in told["requests"]]
        rows = [("REQUESTS", *names), ("", *told["requests"].values())]
        print(columns(rows, indent=""), end="\n\n")
    head = ("DEPLOYMENT", "READY", "UP-TO-DATE", "AVAILABLE", "REVISION")
    print(columns([head, *(
        (each["name"], f"{each['ready']}/{each['replicas']}", each["updated"], each["available"],
         each["revision"])
        for each in told["deployments"]
    )], indent=""), end="\n\n")  # fmt: skip
    head = ("POD", "READY", "STATUS", "RESTARTS", "NODE")
    print(columns([head, *(
        (pod["name"], "1/1" if pod["ready"] else "0/1", pod["status"], pod["restarts"],
         pod["node"] or "<none>")
        for pod in told["pods"]
    )], indent=""), end="\n\n")  # fmt: skip
    nodes = [(n["name"], "Ready" if n["ready"] else "NotReady") for n in told["nodes"]]
    shown_nodes = nodes if len(nodes) <= 20 else [n for n in nodes if n[1] != "Ready"]
    print(columns([("NODE", "STATUS"), *shown_nodes], indent=""))

"""The store: versions, conflicts, two steps of deletion, notices that come late or never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_kernel.clock import Clock
from lab_kernel.cloud_native.objects import ConfigMap, Container, Metadata, Owner, Pod, PodSpec
from lab_kernel.cloud_native.store import DELAY, Conflict, Store


def pod(name: str, node: str | None = None) -> Pod:
    spec = PodSpec(containers=(Container(name="a", image="a"),), node_name=node)
    return Pod(metadata=Metadata(name=name), spec=spec)


def test_who_has_read_an_old_version_cannot_write() -> None:
    store = Store(Clock())
    first = store.create(ConfigMap(metadata=Metadata(name="a")))
    store.update(replace(first, data={"x": "1"}))
    with pytest.raises(Conflict):
        store.update(replace(first, data={"x": "2"}))
    assert store.all(ConfigMap)[0].data == {"x": "1"}
    with pytest.raises(Conflict):
        store.create(ConfigMap(metadata=Metadata(name="a")))


def test_versions_rise_generations_only_with_the_spec_and_the_same_again_is_no_write() -> None:
    store = Store(Clock())
    first = store.create(pod("a"))
    status = store.update(replace(first, status=replace(first.status, phase="Running")))
    assert status.metadata.resource_version > first.metadata.resource_version
    assert status.metadata.generation == 1
    assert store.update(status) is status
    moved = store.update(replace(status, spec=replace(status.spec, node_name="n")))
    assert moved.metadata.generation == 2
    store.remove(moved)
    again = store.create(pod("a"))
    assert again.metadata.uid != first.metadata.uid
    assert again.metadata.resource_version > moved.metadata.resource_version


def test_a_pod_on_a_node_is_only_marked() -> None:
    store = Store(Clock())
    placed, waiting = store.create(pod("a", "n")), store.create(pod("b"))
    store.delete(placed)
    store.delete(waiting)
    (left,) = store.all(Pod)
    assert left.metadata.deleted == 0
    store.delete(left)  # twice is once
    store.remove(left)
    assert store.all(Pod) == []
    assert store.on("n") == []


def test_what_has_another_uid_is_another_object() -> None:
    store = Store(Clock())
    old = store.create(pod("a"))
    store.remove(old)
    store.create(pod("a"))
    store.delete(old)
    store.remove(old)
    assert len(store.all(Pod)) == 1


def test_owned_and_on() -> None:
    store = Store(Clock())
    owner = store.create(ConfigMap(metadata=Metadata(name="o")))
    mark = Owner(kind="ConfigMap", name="o", uid=owner.metadata.uid)
    made = replace(pod("a", "n"), metadata=Metadata(name="a", owner=mark))
    store.create(made)
    assert [each.metadata.name for each in store.owned(Pod, owner)] == ["a"]
    assert [each.metadata.name for each in store.on("n")] == ["a"]


def test_notices_come_later_and_may_be_lost() -> None:
    clock = Clock()
    store, seen = Store(clock), []
    store.watch(Pod, lambda name, _thing: seen.append((clock.now, name)))
    store.watch(Pod, lambda name, _thing: seen.append((clock.now, "n")), node="n")
    store.create(pod("a"))
    assert seen == []
    clock.run(100)
    assert seen == [(DELAY, "default/a")]
    store.loses = lambda kind, name: name == "default/b"
    store.create(pod("b", "n"))
    store.create(pod("c", "n"))
    clock.run(200)
    assert seen[1:] == [(100 + DELAY, "default/c"), (100 + DELAY, "n")]

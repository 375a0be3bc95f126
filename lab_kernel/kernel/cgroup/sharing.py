"""The scheduler with groups: a policy around policies.

Every group has the machine's policy for its own tasks. Between siblings the one that has had least
for its weight goes first: who runs for t has had t / weight more, and so have all groups above.
What a group does not want, the others share, and a group that comes back is put level with those
that stayed: rights are not saved up. A process of the root competes with the groups there, with
the weight of its nice value.

A group that is throttled or frozen is passed over, with everything below it. Its tasks are
ready and wait all the same.

Linux has EEVDF between siblings, too; the shares of busy ones come to the same. Left out:
preemption of one group by another (a slice is at most TURN long where the policy has none), and
the split of a group's weight over the queues of several CPUs: with ``per_cpu`` it counts in full
on each.
Source: Linux, Documentation/scheduler/sched-design-CFS.rst, "Group Scheduler Extensions to CFS".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from lab_kernel.kernel.cgroup.tree import Group
from lab_kernel.kernel.scheduler.policy import NEW, PREEMPTED, WOKEN, Policy, Task, Why
from lab_kernel.kernel.scheduler.weight import WEIGHTS, virtual

TURN = 4  # ticks, under a policy that would let a task run until it blocks
CREDIT = 8  # ticks: the most that one may be behind and catch up


class Leaf:
    """The tasks that are in a group itself."""

    def __init__(self, tasks: Policy, above: Branch) -> None:
        self.tasks, self.above = tasks, above
        # The ready and the running, with their weights. A task that is woken at the moment when it
        # goes to sleep comes before it leaves, and is there twice in between.
        self.present: dict[Task, list[int]] = {}
        self.weight = 0
        self.virtual = 0

    @property
    def busy(self) -> bool:
        return bool(self.present)

    def ready(self) -> int:
        return len(self.tasks)

    def enter(self, task: Task) -> None:
        self.present.setdefault(task, []).append(WEIGHTS[task.nice])
        self.weight += WEIGHTS[task.nice]

    def leave(self, task: Task) -> None:
        weights = self.present[task]
        self.weight -= weights.pop()
        if not weights:
            del self.present[task]


class Branch:
    """A group, with what is below it."""

    def __init__(self, group: Group, above: Branch | None) -> None:
        self.group, self.above = group, above
        self.below: list[Leaf | Branch] = []
        self.virtual = 0
        self.least = 0  # where the last one picked stood

    @property
    def weight(self) -> int:
        return self.group.cpu.shares

    @property
    def busy(self) -> bool:
        return any(each.busy for each in self.below)

    def ready(self) -> int:
        """How many tasks may be picked."""
        cpu = self.group.cpu
        if not cpu.ready or cpu.held:  # most groups are idle: nobody goes down into them
            return 0
        return sum(each.ready() for each in self.below)

    def first(self) -> Leaf | Branch:
        """Who has had least for its weight, of those with a task to run."""
        able = [each for each in self.below if each.ready()]
        for each in able:
            each.virtual = max(each.virtual, self.least - virtual(CREDIT, each.weight or 1))
        chosen = min(able, key=lambda each: each.virtual)
        self.least = max(self.least, chosen.virtual)
        return chosen


class Sharing(Policy):
    """``tasks`` is the policy that was there before, now the root's own; ``new`` makes one for
    each other group. ``running`` tasks are on a CPU at this moment."""

    name: ClassVar[str] = "groups"

    def __init__(
        self, root: Group, tasks: Policy, new: Callable[[], Policy], running: Sequence[Task]
    ) -> None:
        self._root, self._new = Branch(root, None), new
        self._branches = {root: self._root}
        self._own = self._leaf_in(self._root, tasks)
        self._leaves = {root: self._own}
        self._home: dict[Task, Leaf] = {}
        self._lent: dict[Task, int] = {}
        self.period = tasks.period
        for task in (*tasks.waiting(), *running):
            self._home[task] = self._own
            self._own.enter(task)
        root.cpu.waits(len(tasks))

    def _leaf_in(self, branch: Branch, tasks: Policy) -> Leaf:
        leaf = Leaf(tasks, branch)
        branch.below.append(leaf)
        return leaf

    def _branch(self, group: Group) -> Branch:
        if group not in self._branches:
            assert group.parent is not None
            above = self._branch(group.parent)
            self._branches[group] = branch = Branch(group, above)
            above.below.append(branch)
        return self._branches[group]

    def _leaf(self, group: Group) -> Leaf:
        if group not in self._leaves:
            self._leaves[group] = self._leaf_in(self._branch(group), self._new())
        return self._leaves[group]

    def __len__(self) -> int:
        return self._root.ready()

    # The three hooks

    def add(self, task: Any, now: int, why: Why) -> None:
        leaf = self._leaf(task.cgroup)
        home = self._home.get(task, leaf if why is NEW else self._own)
        self._settle(task, home)
        if home is not leaf and why is WOKEN and task in home.present:
            leaf = home  # it has not left yet, and moves the next time
        if home is not leaf:
            self._move_out(task, home, now, why)
            why = NEW
        if why in (NEW, WOKEN):
            self._place(leaf)
            leaf.enter(task)
        self._home[task] = leaf
        leaf.tasks.add(task, now, why)
        cpu = leaf.above.group.cpu
        cpu.waits(1)
        cpu.look()

    def _place(self, leaf: Leaf) -> None:
        """Put whoever has been idle level with those that were not."""
        at: Leaf | Branch = leaf
        while not at.busy and at.above is not None:
            at.virtual = max(at.virtual, at.above.least)
            at = at.above

    def _move_out(self, task: Task, home: Leaf, now: int, why: Why) -> None:
        """It has changed its group since it last stood in this queue."""
        home.tasks.add(task, now, why)
        home.tasks.remove(task)
        home.tasks.leave(task, now, ended=True)
        if task in home.present:
            home.leave(task)
        task.entity = None

    def pick(self, now: int) -> Task:
        at: Leaf | Branch = self._root
        while isinstance(at, Branch):
            at = at.first()
        at.above.group.cpu.waits(-1)
        return at.tasks.pick(now)

    def charge(self, task: Any, ran: int, now: int) -> None:
        leaf = self._home[task]
        leaf.tasks.charge(task, ran, now)
        at: Leaf | Branch = leaf
        while at.above is not None:
            at.virtual += virtual(ran, at.weight)
            at = at.above
        cpu = leaf.above.group.cpu
        lent = min(ran, self._lent.get(task, 0))
        if lent:
            self._lent[task] -= lent
            cpu.give_back(lent, over=not self._lent[task])
        cpu.charge(ran, system=task.in_kernel)

    # When to ask again

    def slice(self, task: Task) -> int | None:
        leaf = self._home[task]
        most = leaf.tasks.slice(task)
        if most is None and len(self._leaves) == 1:
            return None  # nobody has been in a group yet
        self._settle(task, leaf)
        self._lent[task] = ticks = leaf.above.group.cpu.lend(most or TURN)
        return ticks

    def _settle(self, task: Task, leaf: Leaf) -> None:
        """The rest of its slice goes back to the quotas."""
        lent = self._lent.pop(task, 0)
        if lent:
            leaf.above.group.cpu.give_back(lent, over=True)

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        """Within a group as its policy says; a group does not preempt another."""
        for leaf in self._able(self._root):
            own = [task for task in running if self._home[task] is leaf]
            if own and (task := leaf.tasks.preempts(own, now)):
                return task
        return None

    def leave(self, task: Task, now: int, *, ended: bool) -> None:
        leaf = self._home[task]
        self._settle(task, leaf)
        leaf.tasks.leave(task, now, ended=ended)
        leaf.leave(task)
        if ended:
            del self._home[task]
        leaf.above.group.cpu.look()
        leaf.above.group.cpu.rest()

    def tick(self, running: Sequence[Task], now: int) -> None:
        for leaf in self._leaves.values():
            leaf.tasks.tick([task for task in running if self._home[task] is leaf], now)

    # Who is ready

    def waiting(self) -> list[Task]:
        return [task for leaf in self._able(self._root) for task in leaf.tasks.waiting()]

    def held(self) -> list[Task]:
        able = list(self._able(self._root))
        leaves = (leaf for leaf in self._leaves.values() if leaf not in able)
        return [task for leaf in leaves for task in leaf.tasks.waiting()]

    def _able(self, at: Leaf | Branch) -> Iterator[Leaf]:
        """The leaves with a task that may be picked, those that have had least first."""
        if isinstance(at, Leaf):
            yield at
            return
        able = [each for each in at.below if each.ready()]
        for each in sorted(able, key=lambda each: each.virtual):
            yield from self._able(each)

    def remove(self, task: Task) -> None:
        leaf = self._home[task]
        leaf.tasks.remove(task)
        leaf.above.group.cpu.waits(-1)

    def regroup(self, task: Task, now: int) -> None:
        """The ready task has changed its group."""
        leaf = self._home[task]
        if task in leaf.tasks.waiting():
            self.remove(task)
            self.add(task, now, PREEMPTED)

    def forget(self, group: Group) -> None:
        """The group is gone. Nobody is in it but who has just left it."""
        leaf, branch = self._leaves.pop(group, None), self._branches.pop(group, None)
        if branch is not None and branch.above is not None:
            branch.above.below.remove(branch)
        gone = [task for task, home in self._home.items() if home is leaf]
        for task in gone:
            if leaf is not None and task not in leaf.present:
                del self._home[task]
                task.entity = None

"""Tasks on a Ray cluster: the one that is running, or one on this machine for the while.

What is shared is put once into Ray's object store; each process of a worker keeps the last of it.
Ray is told not to try a task again, because it would begin with the whole time: who asks does so,
with the time that is left.
"""

import os
import socket
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from modelwright._plugins import require
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.crews.address import CrewAddress
from modelwright.compute.crews.base import Done, Made, Material, Order, Shared, Work
from modelwright.compute.crews.losses import Losses, Report
from modelwright.compute.crews.worker import keep, work_on
from modelwright.compute.parallel import cores
from modelwright.errors import BudgetError, ServiceError

_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no word of this to its makers
    "RAY_worker_niceness": "0",  # by itself it lets workers of this machine wait for all others
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # its future default, without its warning
}
_START_S = 120.0
_KNOCK_S = 10.0
_GRACE_S, _GRACE_SHARE = 30.0, 0.25
"""A task that does not end by itself is given up so much after its time."""
_LONGEST_S = 1e7
_ALIKE = ("modelwright", "numpy", "polars", "lightgbm", "xgboost-cpu", "scikit-learn", "scipy")
"""Packages of which another version may give another program."""


class RayCluster:
    """The nodes of a Ray cluster, one task on each core.

    Parameters
    ----------
    address
        With a host, the cluster whose client server answers there. Without one, that of the
        variable ``RAY_ADDRESS``; where that is not set, one is started on this machine and stopped
        at the end.
    report
        Told when a worker was lost.

    Raises
    ------
    MissingDependencyError
        Without the extra ``ray``.
    ServiceError
        When no cluster answers, or its nodes have other versions.
    """

    def __init__(self, address: CrewAddress, *, report: Report) -> None:
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)
        self._ray = require("ray", extra="ray")
        self._report = report
        self.memory_bytes = address.memory_bytes
        self._running: set[Any] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._joined = not self._ray.is_initialized()
        if self._joined:
            self._join(address)
        self.workers = address.workers or max(1, int(self._ray.cluster_resources().get("CPU", 0)))
        needs = {"num_cpus": 1, "max_retries": 0}
        if self.memory_bytes:
            needs["memory"] = self.memory_bytes
        self._do = self._ray.remote(_do).options(**needs)
        self._places = self._greet(needs)

    @property
    def title(self) -> str:
        """What people read."""
        nodes = len(self._places)
        return (
            f"{self.workers} worker{'s' * (self.workers > 1)} on {nodes} "
            f"node{'s' * (nodes > 1)} of a Ray cluster"
        )

    @property
    def meeting(self) -> str | None:
        """This node; None through the client server, which is reached but reaches nobody."""
        if self._ray.util.client.ray.is_connected():
            return None
        return str(self._ray.util.get_node_ip_address())

    def share(self, material: Material) -> Shared[Material]:
        """Put it into the object store."""
        handle = self._ray.put(material)
        return Shared(material, key=handle.hex(), handle=handle)

    def ask(
        self,
        work: Work[Material, Order, Made],
        shared: Shared[Material],
        order: Order,
        *,
        budget: Budget,
    ) -> Done[Made]:
        """Have a task do the work, and another one where its worker is lost."""
        losses, lost = Losses(budget, self._report), self._losses()
        while True:
            # In a list, so that Ray leaves it to the worker whether to fetch it.
            how = ([shared.handle], shared.key, order, budget.remaining_s, self.memory_bytes)
            try:
                return Done(*self._wait(self._do.remote(work, *how), budget))
            except lost as error:
                if self._closed:
                    raise ServiceError("The work on the Ray cluster was given up.") from None
                losses.count(_said(error))

    def close(self) -> None:
        """Cancel what runs, and leave the cluster; one that was started for this is stopped."""
        self._closed = True
        for running in tuple(self._running):
            self._ray.cancel(running, force=True)
        if self._joined:
            self._ray.shutdown()

    def _join(self, address: CrewAddress) -> None:
        named = f"ray://{address.host}" if address.host else os.environ.get("RAY_ADDRESS", "")
        here = {"num_cpus": address.workers or cores(), "include_dashboard": False}
        try:
            _knock(named)
            self._ray.init(
                named or "local",
                log_to_driver=False,
                logging_level="ERROR",
                **({} if named else here),
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise ServiceError(
                f"No Ray cluster answers at {named or 'this machine'}: {_said(error)}",
                "See whether it runs (ray status) with the same versions of Ray and Python. Its "
                "client server listens at port 10001 unless told otherwise; one that wants tokens "
                "is told yours by RAY_AUTH_MODE=token and RAY_AUTH_TOKEN. With ray:// begin it by "
                "ray start --head --runtime-env-agent-port=10000, a port that nobody else has.",
            ) from error

    def _greet(self, needs: dict[str, Any]) -> set[str]:
        """Start a process for each worker, see that all have the same versions, and count nodes."""
        meet = self._ray.remote(_introduce).options(**needs)
        try:
            met = self._ray.get([meet.remote() for _ in range(self.workers)], timeout=_START_S)
        except self._ray.exceptions.GetTimeoutError:
            raise ServiceError(
                f"{self.workers} workers did not begin within {format_duration(_START_S)}.",
                "See what is free: ray status. Ask for fewer workers or less memory, as in: "
                "--compute 'ray?workers=2&memory=1GB'",
            ) from None
        except (self._ray.exceptions.RayError, ImportError) as error:
            raise ServiceError(
                f"The nodes cannot run modelwright: {_said(error)}",
                f"Install it on each: pip install 'modelwright[ray]=={version('modelwright')}'",
            ) from error
        ours = _versions()
        for theirs, place in met:
            for name, has in ours.items():
                if theirs.get(name) != has:
                    raise ServiceError(
                        f"{place} has {name} {theirs.get(name) or 'not at all'}, here is {has}: "
                        "the same seed would give another program.",
                        "Install the same versions on all nodes.",
                    )
        return {place for _, place in met}

    def _wait(self, task: Any, budget: Budget) -> tuple[Any, str]:
        with self._lock:
            self._running.add(task)
        left = budget.remaining_s
        try:
            done: tuple[Any, str] = self._ray.get(
                task, timeout=min(left + min(_GRACE_S, 5 + _GRACE_SHARE * left), _LONGEST_S)
            )
            return done
        except self._ray.exceptions.GetTimeoutError:
            self._ray.cancel(task, force=True)
            raise BudgetError("It was not done in time on the Ray cluster.") from None
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None
        finally:
            with self._lock:
                self._running.discard(task)

    def _losses(self) -> tuple[type[BaseException], ...]:
        """Return what Ray raises when a worker, a node or what one of them held is gone."""
        told = self._ray.exceptions
        return (
            told.WorkerCrashedError,
            told.NodeDiedError,
            told.LocalRayletDiedError,
            told.OutOfMemoryError,
            told.ObjectLostError,
            told.TaskCancelledError,
        )


def _do(
    work: Work[Material, Order, Made],
    handles: list[Any],
    key: str,
    order: Order,
    seconds: float,
    memory_bytes: int | None,
) -> tuple[Made, str]:
    material = keep(key, lambda: require("ray", extra="ray").get(handles[0]))
    made = work_on(work, material, order, seconds=seconds, memory_bytes=memory_bytes)
    return made, _place()


def _introduce() -> tuple[dict[str, str], str]:
    """Import what takes long, and say what this worker has and where it is."""
    for module in ("lightgbm", "xgboost", "polars"):
        require(module, extra="ray")
    return _versions(), _place()


def _versions() -> dict[str, str]:
    found = {}
    for name in _ALIKE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _place() -> str:
    ray = require("ray", extra="ray")
    node = ray.get_runtime_context().get_node_id()
    return f"{ray.util.get_node_ip_address()} ({node[:6]})"


def _knock(address: str) -> None:
    """Raise OSError where nobody listens: Ray itself would try again for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_S).close()


def _said(error: BaseException) -> str:
    """Return the first line of what Ray says, which may be a page."""
    line = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return line.rstrip(".:") + "."

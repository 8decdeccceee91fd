"""Periodic work. Jobs reconcile: they look for rows that owe an action, may run twice, and change nothing the second time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Run = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Job:
    """`every` is the longest time between two starts; a job is late when twice that has passed (assurance.system_alive)."""

    name: str
    every: timedelta
    run: Run


_jobs: dict[str, Job] = {}


def job(name: str, *, every: timedelta) -> Callable[[Run], Run]:
    """Register a function of (now) to be run by `schoolgate work`."""

    def register(run: Run) -> Run:
        if name in _jobs:
            raise ValueError(f"The job {name} is registered twice")
        _jobs[name] = Job(name, every, run)
        return run

    return register


def jobs() -> dict[str, Job]:
    """Every job by name."""
    return dict(sorted(_jobs.items()))

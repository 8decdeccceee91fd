"""Telling the demo year: every package's events in order of their day, each as if it happened then."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from schoolgate.common import clock, ids
from schoolgate.contracts.demo import Stage, events


def tell(today: date, progress: Callable[[int, int], None]) -> Stage:
    """Make the fictional trust and its year up to this morning. The same day gives the same records on every machine."""
    stage, year = Stage(), events()
    with ids.repeatable("larkfield"), transaction.atomic():
        for done, event in enumerate(year, start=1):
            with clock.standing_at(clock.at(today + timedelta(days=event.day), event.hour)):
                event.happen(stage)
            progress(done, len(year))
    return stage

"""Several people at the same moment: real threads, real transactions."""

import threading
from collections.abc import Callable, Sequence
from datetime import date

from django.db import connection

from schoolgate.common import clock

Job = Callable[[], object]


def at_once(jobs: Sequence[Job], day: date, hour: int = 12) -> list[object]:
    """Run all jobs at the same moment, each in a thread of its own; the answer of each, or the error it ended with."""
    answers: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        gate.wait(20)
        try:
            with clock.standing_at(clock.at(day, hour)):
                answers[number] = jobs[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers

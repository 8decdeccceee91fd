"""The process in which a stranger's file is read; ``safely`` starts it.

Run as ``python -m schoolgate.policytext.jail TASK NAME SECONDS MEMORY WRITTEN``: the bytes of the file come in on standard input, and one
JSON object goes out on standard output, holding either what the task asks for (``read`` the document, ``draw:WIDTH`` pictures of its
pages, ``bundle`` a policy handed on by another school) or the sentence that says why it cannot be had.
"""

import base64
import hashlib
import json
import math
import resource
import sys
from dataclasses import asdict

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.formats import MOST_BYTES, draw
from schoolgate.policytext.model import Picture, Source
from schoolgate.policytext.reading import document_in
from schoolgate.policytext.safely import BUNDLE, DRAW, OUT_OF_MEMORY, Limits
from schoolgate.policytext.writing import bundle


def confine(limits: Limits) -> None:
    """Lower what this process may use, for good: no core files, and no more address space, processor time or written bytes than allowed."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: max(1, math.ceil(limits.seconds)),
        resource.RLIMIT_FSIZE: limits.written,
    }
    for name, most in wanted.items():
        hard = resource.getrlimit(name)[1]
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # The processor's limit speaks first (SIGXCPU) and kills a second later: the parent can then say that time ran out.
        resource.setrlimit(name, (lowest, lowest + 1 if name == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else lowest))


def answer_for(task: str, data: bytes, name: str) -> dict[str, object]:
    """What this process says about a file: its document or its pictures, or why there are none."""
    try:
        if task == BUNDLE:
            return {"bundle": bundle.read(data, Source(name, hashlib.sha256(data).hexdigest(), bundle.MEDIA_TYPE)).as_json()}
        if task.startswith(DRAW):
            return {"pictures": [_plain(picture) for picture in draw(data, name, int(task.removeprefix(DRAW)))]}
        return {"document": document_in(data, name).as_json()}
    except Unreadable as reason:
        return {"unreadable": str(reason)}


def _plain(picture: Picture) -> dict[str, object]:
    return {**asdict(picture), "data": base64.b64encode(picture.data).decode("ascii")}


def main() -> int:
    """Do one task on the file on standard input, under the limits given as arguments; return the exit code."""
    task, name, seconds, memory, written = sys.argv[1:6]
    confine(Limits(float(seconds), int(memory), int(written)))
    try:
        told = json.dumps(answer_for(task, sys.stdin.buffer.read(MOST_BYTES + 1), name))
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.write(told)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

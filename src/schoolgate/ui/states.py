"""The states a control can be in, with the words, the shape and the order that every page shows them by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """One state as a reader meets it. `icon` is a drawing in a 16 by 16 box; its outline differs from every other state's.

    `fill` is its colour in charts. It stands in the drawing itself, since a PDF maker does not apply style sheets to drawings.
    """

    key: str
    words: str
    meaning: str
    icon: str
    fill: str


MET = State(
    "met", "Met", "The records show the promise was kept.",
    "M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0Zm3.6 4.6-4.7 5-2.4-2.3-1.3 1.4 3.8 3.6 6-6.4Z",
    "#2c8256",
)  # fmt: skip
DUE = State(
    "due", "Due", "Something must be done by a date that has not passed.",
    "M8 0 16 8 8 16 0 8ZM7 4v5h2V4Zm0 6.2v2h2v-2Z",
    "#f2b134",
)  # fmt: skip
BROKEN = State(
    "broken", "Broken", "The records show the promise was not kept.",
    "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7Zm.6 3.9L3.9 5.3 6.6 8l-2.7 2.7 1.4 1.4L8 9.4l2.7 2.7 "
    "1.4-1.4L9.4 8l2.7-2.7-1.4-1.4L8 6.6Z",
    "#a3211b",
)  # fmt: skip
NO_DATA = State(
    "no_data", "No data", "There is no record, so nothing is claimed.",
    "M0 0h6v2H2v4H0Zm10 0h6v6h-2V2h-4ZM0 10h2v4h4v2H0Zm14 0h2v6h-6v-2h4ZM7 11h2v2H7Zm0-1.2V8.3c0-1.6 1.8-1.7 1.8-2.9 0-.5-.4-.8-.9-.8"
    "-.6 0-1 .4-1 1.1H5C5 4 6.2 2.9 8 2.9c1.7 0 2.9 1 2.9 2.5C10.9 7.3 9 7.6 9 8.8v1Z",
    "#dfe3eb",
)  # fmt: skip
NOT_APPLICABLE = State(
    "not_applicable", "Not applicable", "The promise does not touch this school.",
    "M0 6h16v4H0Z",
    "#e2ddd0",
)  # fmt: skip
NOT_CARRIED = State(
    "not_carried", "Not carried by this version", "This version of Schoolgate does not check the clause yet.",
    "M0 0h16v16H0Zm2 2v12h12V2Zm1.5 9.1 7.6-7.6 1.4 1.4-7.6 7.6Z",
    "#ffffff",
)  # fmt: skip

STATES = (MET, DUE, BROKEN, NO_DATA, NOT_APPLICABLE, NOT_CARRIED)
BY_KEY = {state.key: state for state in STATES}


def state_of(key: object) -> State:
    """The state with this key. Takes the key or an enum member whose value is the key; an unknown one is a mistake of ours."""
    text = str(getattr(key, "value", key))
    if text not in BY_KEY:
        raise ValueError(f"No state is called “{text}”. The states are: {', '.join(BY_KEY)}.")
    return BY_KEY[text]

"""Where pieces stand on the picture of a page, in the picture's own dots, so that a drawing over it needs no style."""

from collections.abc import Iterable
from dataclasses import dataclass

from schoolgate.policies.models import PolicyPage
from schoolgate.policies.rules.corrections import Piece


@dataclass(frozen=True, slots=True)
class Box:
    """One outlined place and the piece it belongs to."""

    piece: str
    left: int
    top: int
    width: int
    height: int


def boxes(picture: PolicyPage | None, pieces: Iterable[Piece]) -> list[Box]:
    """The places of pieces on one page."""
    if picture is None:
        return []
    return [
        Box(
            one.id,
            round(place["left"] * picture.width),
            round(place["top"] * picture.height),
            max(1, round((place["right"] - place["left"]) * picture.width)),
            max(1, round((place["bottom"] - place["top"]) * picture.height)),
        )
        for one in pieces
        for place in one.places
        if place["page"] == picture.number
    ]

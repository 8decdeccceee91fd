"""What stands on a page: pieces of words, the lines they make, and strokes. Lengths are points from the upper left corner of the page."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tag:
    """What the file itself says about a piece of text: its paragraph, item of a list, cell of a table, and the level of a heading."""

    kind: str = ""
    level: int = 0
    paragraph: int = 0
    cell: tuple[int, int, int] | None = None
    item: int = 0


@dataclass(slots=True)
class Piece:
    """Letters that stand close together, at most one word.

    ``spaced`` says that the file holds a space before them, ``raised`` that they stand above their line, ``running`` that the file marks
    them as a running line, ``symbol`` that their font has signs for letters, ``pale`` that they are white.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool = False
    spaced: bool = False
    raised: bool = False
    running: bool = False
    tag: Tag | None = None
    symbol: bool = False
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line: along x at ``at`` from the top when it lies, along y at ``at`` from the left when it stands."""

    lies: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Line:
    """Words beside each other in one column. ``parts`` are the stretches of it that wide gaps divide, with their left and right edges.

    ``first_word`` is the width of its first word, ``second`` the left edge of its second. ``marks`` are raised signs that point to notes.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    page: int
    bold: bool = False
    tag: Tag | None = None
    parts: list[tuple[str, float, float]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    first_word: float = 0.0
    second: float = 0.0


@dataclass(slots=True)
class Flow:
    """One column of lines and tables, from the top; text runs from one flow on to the next."""

    parts: "list[Line | Table]"
    left: float
    right: float
    page: int


@dataclass(slots=True)
class Table:
    """Rows of cells, each cell a small column of lines. ``page_end`` is the page its last row stands on."""

    rows: list[list[Flow]]
    left: float
    right: float
    top: float
    bottom: float
    page: int
    sure: bool = False
    page_end: int = 0

    def __post_init__(self) -> None:
        self.page_end = self.page_end or self.page

    def lines(self) -> list[Line]:
        """All lines of its cells."""
        return [line for row in self.rows for cell in row for line in cell.parts if isinstance(line, Line)]


@dataclass(slots=True)
class Page:
    """One page as it is shown, turned the right way up. ``pictured`` is the share of it that pictures cover,
    ``turn`` the direction of its text in quarter turns."""

    number: int
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    pictured: float = 0.0
    turn: int = 0

"""What a roster of a trust or a school holds, whatever system wrote it."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school, or a body above one, as the file knows it. ``identifier`` is a number outside the file, such as the URN."""

    external_id: str
    name: str
    kind: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Adult:
    """A grown-up's place at one school. An empty text or date was not given."""

    file: str
    line: int
    external_id: str
    given: str
    family: str
    organisation: str
    category: str = "employee"
    email: str = ""
    job_title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil's place at one school. ``year`` is N, R or 1 to 13; ``known_as`` the name the school calls them by, where it is another."""

    file: str
    line: int
    external_id: str
    given: str
    family: str
    organisation: str
    known_as: str = ""
    year: str = ""
    born_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Carer:
    """A parent or other guardian."""

    file: str
    line: int
    external_id: str
    given: str
    family: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Who a pupil's guardian is."""

    child: str
    carer: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, with what to do about it."""

    file: str
    line: int
    reason: str

    @property
    def sentence(self) -> str:
        """Where and why, for a person to read."""
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(slots=True)
class TrustRoster:
    """Everything a folder of files says. Of the rows about people, ``people_in``, each is accepted or refused."""

    layout: str
    organisations: list[Organisation] = field(default_factory=list)
    adults: list[Adult] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    carers: list[Carer] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    people_in: int = 0

    @property
    def accepted(self) -> int:
        """How many rows about people were taken: somebody at two schools is one row."""
        taken = {(one.file, one.line) for group in (self.adults, self.children, self.carers) for one in group}
        return len(taken)

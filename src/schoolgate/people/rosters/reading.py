"""A folder or zip of files into one roster. A row that cannot be used is refused with its line and what to do; the others go on."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from schoolgate.common.errors import BadInput
from schoolgate.people.rosters.layouts import CARER_ROLES, CATEGORY_OF_ROLE, CHILD_ROLES, LAYOUTS, Layout, People
from schoolgate.people.rosters.rows import Adult, Carer, Child, Organisation, Refused, Tie, TrustRoster
from schoolgate.people.rosters.tables import Files, Table, open_files, open_table, plain_name

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?\Z", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+\Z")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffd]")
_YEAR = re.compile(r"(?:year|yr|y|grade)?\s*0*(\d{1,2})\Z", re.IGNORECASE)
_EARLY = {
    "r": "R",
    "reception": "R",
    "kg": "R",
    "k": "R",
    "n": "N",
    "nursery": "N",
    "pk": "N",
    "pr": "N",
    "it": "N",
    "tk": "N",
    "n1": "N",
    "n2": "N",
}
_GONE = frozenset({"tobedeleted", "inactive", "deleted"})
_LONGEST = 100


def read(path: Path) -> TrustRoster:
    """The roster in a folder, a zip or a set of files. BadInput when it is of no format we know, or damaged as a whole."""
    return read_files(open_files(Path(path)))


def read_files(files: Files) -> TrustRoster:
    """The roster in files that are open already."""
    layout = layout_of(files)
    return _Reader(files, layout).read()


def layout_of(files: Files) -> Layout:
    """Which format the files are in, by their names and headings."""
    if "student" in files and "school" in files:
        return LAYOUTS["sds-1"]
    if "users" not in files or "orgs" not in files:
        names = ", ".join(f"{name}.csv" for name in sorted(files.openers)[:8])
        raise BadInput(
            f"{files.name} is no OneRoster or School Data Sync export: it holds {names}. "
            "A roster has users.csv and orgs.csv, or Student.csv and School.csv."
        )
    asked = {"enabled": ("enabledUser",), "role": ("role",), "organisations": ("orgSourcedIds",)}
    found = set(open_table(files, "users", asked).places)
    if "roles" in files and "role" not in found:
        return LAYOUTS["oneroster-1.2" if "enabled" in found else "sds-2.1"]
    return LAYOUTS["oneroster-1.1" if "enabled" in found else "sds-2"]


@dataclass(slots=True)
class _Post:
    """One role of one person at one place."""

    organisation: str
    role: str
    grade: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True)
class _Reader:
    files: Files
    layout: Layout
    roster: TrustRoster = field(init=False)
    posts: dict[str, list[_Post]] = field(default_factory=lambda: defaultdict(list))
    births: dict[str, date] = field(default_factory=dict)
    tied: set[str] = field(default_factory=set)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)

    def read(self) -> TrustRoster:
        self.roster = TrustRoster(self.layout.name)
        self._organisations()
        self._births()
        self._roles()
        self._ties()
        for people in self.layout.people:
            self._people(people)
        if not self.roster.people_in:
            raise BadInput(f"{self.files.name} names no people. Export the roster with its users and try again.")
        self._drop_loose_ties()
        return self.roster

    def _organisations(self) -> None:
        table = open_table(self.files, *self.layout.organisations, needed=("id", "name"))
        get = {column: table.getter(column) for column in ("id", "name", "kind", "identifier", "status")}
        for _, cells in table.rows:
            if get["status"](cells).lower() not in _GONE:
                one = Organisation(get["id"](cells), get["name"](cells), get["kind"](cells).lower() or "school", get["identifier"](cells))
                self.roster.organisations.append(one)

    def _births(self) -> None:
        for line, cells, table in self._optional(self.layout.births, ("id",)):
            try:
                born = self._day(table.getter("born")(cells), "birthDate")
            except BadInput as fault:
                self.roster.warnings.append(f"{table.name}, line {line}: {fault.sentence} The pupil is taken without it.")
                continue
            if born:
                self.births[table.getter("id")(cells)] = born

    def _roles(self) -> None:
        for line, cells, table in self._optional(self.layout.roles, ("user", "role")):
            get = table.getter
            if get("status")(cells).lower() in _GONE:
                continue
            try:
                days = self._day(get("starts")(cells), "start date"), self._day(get("ends")(cells), "end date")
            except BadInput as fault:
                self.roster.warnings.append(f"{table.name}, line {line}: {fault.sentence} The role is taken without its dates.")
                days = None, None
            self.posts[get("user")(cells)].append(_Post(get("organisation")(cells), get("role")(cells), get("grade")(cells), *days))

    def _ties(self) -> None:
        for _, cells, table in self._optional(self.layout.ties, ("child", "carer")):
            self._tie(table.getter("child")(cells), table.getter("carer")(cells), table.getter("relation")(cells))

    def _tie(self, child: str, carer: str, relation: str = "") -> None:
        self.roster.ties.append(Tie(child, carer, relation.lower()))
        self.tied.add(carer)

    def _optional(self, of: tuple[str, object] | None, needed: tuple[str, ...]) -> Iterator[tuple[int, list[str], Table]]:
        if of and of[0] in self.files:
            table = open_table(self.files, of[0], of[1], needed=needed)  # type: ignore[arg-type]
            for line, cells in table.rows:
                yield line, cells, table

    def _people(self, people: People) -> None:
        if people.table not in self.files:
            return
        table = open_table(self.files, people.table, people.columns, needed=("id", "given", "family"))
        places = tuple(table.places.items())
        for line, short in table.rows:
            self.roster.people_in += 1
            cells = short + [""] * (table.width - len(short))  # spreadsheets leave out empty cells at the end
            said = {column: cells[place].strip() for column, place in places}
            try:
                if len(cells) > table.width and any(cell.strip() for cell in cells[table.width :]):
                    raise BadInput("there are more fields than headings. Put quotation marks around a text with a comma in it.")
                self._person(said, people.role, table.name, line)
            except BadInput as fault:
                self.roster.refused.append(Refused(table.name, line, fault.sentence))

    def _person(self, said: dict[str, str], role: str, file: str, line: int) -> None:
        """Take one person in every place they have, or BadInput with what to do."""
        key = said["id"]
        _check(said)
        if key in self.seen:
            raise BadInput(f"the number {key} stands on line {self.seen[key][1]} of {self.seen[key][0]} already. Keep one of them.")
        if said.get("status", "").lower() in _GONE:
            raise BadInput(
                "the export marks this person as gone. Nobody is taken off by a file: write down their last day if they have left."
            )
        posts = self.posts.get(key) or [
            _Post(place, said.get("role") or role, said.get("grade", "")) for place in _list(said.get("organisations", ""))
        ]
        kinds = {plain_name(post.role) for post in posts} or {plain_name(said.get("role") or role)}
        carer = bool(kinds & CARER_ROLES) or (not posts and key in self.tied)
        if not posts and not carer:
            raise BadInput("no school is named for this person. Give them a school in your system and export again.")
        places = [self._place(said, post, file, line) for post in posts if plain_name(post.role) not in CARER_ROLES]
        self.roster.children += [place for place in places if isinstance(place, Child)]
        self.roster.adults += [place for place in places if isinstance(place, Adult)]
        self.roster.carers += [Carer(file, line, key, said["given"], said["family"], _email(said))] if carer else []
        self.seen[key] = (file, line)
        for agent in _list(said.get("agents", "")) if kinds & CHILD_ROLES else ():
            self._tie(key, agent)

    def _place(self, said: dict[str, str], post: _Post, file: str, line: int) -> Child | Adult:
        kind = plain_name(post.role)
        names = (said["id"], said["given"], said["family"], post.organisation)
        if kind in CHILD_ROLES:
            born = self.births.get(said["id"]) or self._day(said.get("born", ""), "Birthdate")
            known_as = said.get("known_as", "")
            year = year_of(post.grade or said.get("grade", ""))
            return Child(file, line, *names, known_as if known_as != said["given"] else "", year, born, post.starts_on, post.ends_on)
        title, category = said.get("job_title") or post.role, CATEGORY_OF_ROLE.get(kind, "employee")
        return Adult(file, line, *names, category, _email(said), title, post.starts_on, post.ends_on)

    def _drop_loose_ties(self) -> None:
        """A tie to somebody who is not in the files is told once, in numbers."""
        children = {one.external_id for one in self.roster.children}
        carers = {one.external_id for one in self.roster.carers}
        whole = [tie for tie in self.roster.ties if tie.child in children and tie.carer in carers]
        if len(whole) < len(self.roster.ties):
            lost = len(self.roster.ties) - len(whole)
            self.roster.warnings.append(f"{lost} links between a pupil and a guardian name somebody who was not taken; they are left out.")
        self.roster.ties = whole

    def _day(self, text: str, column: str) -> date | None:
        """A date as the format writes it, None when empty, BadInput for anything else."""
        if not text:
            return None
        iso, slashed = _ISO.match(text), _SLASHED.match(text)
        parts = iso.groups() if iso else None
        if slashed:
            first, second, year = slashed.groups()
            parts = (year, first, second) if self.layout.month_first else (year, second, first)
        try:
            if parts and 1900 <= int(parts[0]) <= 2200:
                return date(*(int(part) for part in parts))
        except ValueError:
            pass  # a day that is not in the calendar gets the same answer
        order = "month/day/year" if self.layout.month_first else "year-month-day"
        raise BadInput(f"{column} “{text[:40]}” is not a date written {order}. Mend it in your system and export again.")


def _check(said: dict[str, str]) -> None:
    if _UNPRINTED.search("".join(said.values())):
        column = next(column for column, text in said.items() if _UNPRINTED.search(text))
        raise BadInput(f"the {column} holds a character that cannot be printed. Type it again in your system.")
    if not said["id"]:
        raise BadInput("the number of this person is empty. Export again with the numbers of your system.")
    if not said["given"] and not said["family"]:
        raise BadInput("the name is empty. Fill it in in your system and export again.")
    for column in ("id", "given", "family"):
        if len(said[column]) > _LONGEST:
            raise BadInput(f"the {column} is longer than {_LONGEST} letters. Shorten it in your system.")


def _email(said: dict[str, str]) -> str:
    """The address, or the user name where that is one. What is no address is left out, not refused: it is not what a person is known by."""
    for text in (said.get("email", ""), said.get("username", "")):
        if _EMAIL.match(text) and len(text) <= 254:
            return text.lower()
    return ""


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def year_of(text: str) -> str:
    """The year group as schools write it: N, R, or 1 to 13. Empty when the text names none of these."""
    first = _list(text)[0] if _list(text) else ""
    if first.lower() in _EARLY:
        return _EARLY[first.lower()]
    found = _YEAR.match(first)
    return str(int(found[1])) if found and 1 <= int(found[1]) <= 13 else "R" if found and int(found[1]) == 0 else ""

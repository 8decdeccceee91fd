"""Pupils and families of the fictional Larkfield Trust, as its roster would give them. Every name is invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from schoolgate.people.rosters.rows import Carer, Child, Organisation, Tie, TrustRoster

GIVEN = (
    "Aaliyah", "Bilal", "Cerys", "Dawid", "Elsie", "Farah", "Gethin", "Hana", "Idris", "Jaya", "Kofi", "Lowri", "Marek", "Niamh", "Oscar",
    "Priya", "Quentin", "Rosa", "Seren", "Tomos", "Una", "Viktor", "Willa", "Yusuf", "Zosia",
)  # fmt: skip
FAMILY = (
    "Ashgrove", "Brindle", "Carrow", "Dunmore", "Eastlake", "Fenwright", "Garside", "Hollins", "Ingleby", "Jessop", "Kirkby",
    "Lambert-Osei", "Mistry", "Nowicki", "Okonjo", "Pellow", "Quill", "Rahim", "Stroud", "Tamblyn", "Uttley", "Venn", "Wardle",
)  # fmt: skip
PARENTS = ("Alex", "Chris", "Dina", "Fran", "Kit", "Lee", "Mo", "Nour", "Pat", "Robin", "Sam", "Toni", "Val")
YEARS = {"harbour-lane": ("R", "1", "2", "3", "4", "5", "6"), "mossbank": ("7", "8", "9", "10", "11"), "quarry-hill": ("R", "1", "2", "3")}
IN_A_YEAR = 12


def roster(ref: str, name: str, today: date) -> TrustRoster:
    """A roster of one school: a dozen pupils a year group, each with a parent or two, brothers and sisters sharing theirs."""
    made = TrustRoster("oneroster-1.1", [Organisation(ref, name, "school")])
    families = cycle(FAMILY)
    for line, (given, year) in enumerate(_pupils(ref), start=2):
        key, family = f"{ref}-P{line}", next(families)
        born = date(today.year - _age(year), 1 + line % 12, 1 + line % 27)
        made.children.append(
            Child("users.csv", line, key, given, family, ref, _known_as(given, line), year, born, today - timedelta(days=60))
        )
        made.ties += [Tie(key, f"{ref}-{family}-{number}", "parent") for number in range(1 + line % 2)]
    last = made.children[-1].line
    carers = sorted({tie.carer for tie in made.ties})
    for line, key in enumerate(carers, start=last + 1):
        family = key.rpartition("-")[0].removeprefix(f"{ref}-")
        given = PARENTS[line % len(PARENTS)]
        address = f"{given}.{family}.{line}@families.example".lower() if line % 9 else ""
        made.carers.append(Carer("users.csv", line, key, given, family, address))
    made.people_in = len(made.children) + len(made.carers)
    return made


def _pupils(ref: str) -> Iterator[tuple[str, str]]:
    names = cycle(GIVEN)
    for year in YEARS[ref]:
        for _ in range(IN_A_YEAR):
            yield next(names), year


def _age(year: str) -> int:
    return 5 if year == "R" else 5 + int(year)


def _known_as(given: str, line: int) -> str:
    return given[:3] if line % 11 == 0 else ""

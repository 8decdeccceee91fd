"""Guardians and their links: who may still answer for which children, class by class, and what one link opens."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement, FamilyLink, FamilySignature
from schoolgate.agreements.queries.families import families
from schoolgate.agreements.queries.published import end_of
from schoolgate.agreements.rules import families as family_rules
from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Guardian, Pupil


@dataclass(frozen=True, slots=True)
class Answerer:
    """One guardian, the children at this school they may answer for, whether their families have answered, and their last link."""

    guardian: Guardian
    children: Sequence[Pupil]
    answered: bool
    link: FamilyLink | None = None

    @property
    def open_link(self) -> FamilyLink | None:
        """Their link, while it still works."""
        return self.link if self.link and self.link.used_at is None and self.link.ends_at > clock.now() else None

    @property
    def told(self) -> str:
        """How far their last link has come, in words."""
        link = self.link
        if link is None:
            return "No link yet."
        if link.used_at:
            return f"Asked on {_plain(link.used_at)} to talk first."
        if self.open_link is None:
            return "The last link has ended."
        way = "Sent by e-mail" if link.mailed else "Card made"
        seen = f"Opened on {_plain(link.opened_at)}, not answered" if link.opened_at else f"{way} on {_plain(link.made_at)}, not opened"
        return f"{seen}. It works until {_plain(link.ends_at)}."

    @property
    def child(self) -> Pupil:
        """The child who carries a printed card home: the first in the list."""
        return self.children[0]


def _plain(at: datetime) -> str:
    return clock.in_words(clock.local_date(at))


@dataclass(frozen=True, slots=True)
class ClassOfFamilies:
    """One class: its pupils, for how many no family has answered, and those for whom nobody may."""

    year: str
    pupils: int
    waiting: int
    unspoken: Sequence[Pupil]

    @property
    def name(self) -> str:
        return family_rules.class_name(self.year)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the office sees of a school's families on a day: guardians, and classes in order."""

    answerers: Sequence[Answerer]
    classes: Sequence[ClassOfFamilies]

    def of_class(self, year: str) -> list[Answerer]:
        """The guardians with a child in this class; a child of this class first, who carries the card home."""
        found = []
        for one in self.answerers:
            here = [child for child in one.children if child.year == year]
            if here:
                rest = [child for child in one.children if child.year != year]
                found.append(Answerer(one.guardian, [*here, *rest], one.answered, one.link))
        return found

    def guardian(self, guardian_id: UUID) -> Answerer | None:
        return next((one for one in self.answerers if one.guardian.id == guardian_id), None)


def family_desk(scope: Scope, agreement: Agreement, on: date) -> Desk:
    """Guardians and classes of the school of a form for families: six queries, however many there are."""
    found = families(scope, agreement.school_id, on)
    answered = {pupil.id: one.answered for one in found for pupil in one.pupils}
    children: dict[UUID, list[Pupil]] = defaultdict(list)
    guardians: dict[UUID, Guardian] = {}
    spoken: set[UUID] = set()
    for tie in people.answering_for(scope, agreement.school_id, on):
        guardians[tie.guardian_id] = tie.guardian
        children[tie.guardian_id].append(tie.pupil)
        spoken.add(tie.pupil_id)
    links = {
        one.guardian_id: one for one in FamilyLink.objects.filter(agreement=agreement, made_at__lt=end_of(on)).order_by("made_at", "id")
    }
    made = [
        Answerer(guardian, children[key], all(answered[child.id] for child in children[key]), links.get(key))
        for key, guardian in guardians.items()
    ]
    by_name = sorted(made, key=lambda one: (one.guardian.family, one.guardian.given, str(one.guardian.id)))
    return Desk(by_name, _classes([(pupil, one.answered) for one in found for pupil in one.pupils], spoken))


def _classes(pupils: Iterable[tuple[Pupil, bool]], spoken: set[UUID]) -> list[ClassOfFamilies]:
    by_year: dict[str, list[tuple[Pupil, bool]]] = defaultdict(list)
    for pupil, answered in pupils:
        by_year[pupil.year].append((pupil, answered))
    made = [
        ClassOfFamilies(
            year, len(members), sum(not answered for _, answered in members),
            [pupil for pupil, answered in members if pupil.id not in spoken and not answered],
        )
        for year, members in by_year.items()
    ]  # fmt: skip
    return sorted(made, key=lambda one: family_rules.class_order(one.year))


def family_link(key: str) -> FamilyLink:
    """The guardian's link with this key; the key itself is the only way in."""
    rows = FamilyLink.objects.filter(token_hash=rules.key_hash(key))
    found = rows.select_related("agreement__school", "agreement__version__policy", "agreement__sheet", "guardian").first()
    if found is None:
        raise NotFound("There is no such link")
    return found


def opens_for_a_family(key: str) -> bool:
    """A key typed from paper is that of a guardian's link."""
    return FamilyLink.objects.filter(token_hash=rules.key_hash(key)).exists()


def children_of(scope: Scope, link: FamilyLink, on: date) -> list[Pupil]:
    """The children a link's guardian may answer for on a day, by year and name. A child they may not see is not among them."""
    ties = people.answering_for(scope, link.school_id, on, guardian_id=link.guardian_id)
    return sorted((tie.pupil for tie in ties), key=lambda one: (family_rules.class_order(one.year), one.given, str(one.id)))


def family_signatures(link: FamilyLink) -> list[FamilySignature]:
    """What was said with a link, child by child."""
    return list(FamilySignature.objects.filter(link=link).select_related("answer__pupil", "answer__agreement__sheet").order_by("id"))

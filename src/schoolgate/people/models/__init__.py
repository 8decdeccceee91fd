"""The records of this package, by subject."""

from schoolgate.people.models.calendar import ClosedDay, Term
from schoolgate.people.models.pupils import Guardian, GuardianLimit, Guardianship, Pupil
from schoolgate.people.models.register import (
    Absence,
    Appointment,
    Category,
    DutiesAcceptance,
    Engagement,
    IdentitySecondStep,
    LeaverLetter,
    Nation,
    Person,
    Phase,
    RegisterCheck,
    RequiredRole,
    RoleDuties,
    RosterUpload,
    School,
    Trust,
)
from schoolgate.people.models.users import User, UserManager

__all__ = [
    "Absence",
    "Appointment",
    "Category",
    "ClosedDay",
    "DutiesAcceptance",
    "Engagement",
    "Guardian",
    "GuardianLimit",
    "Guardianship",
    "IdentitySecondStep",
    "LeaverLetter",
    "Nation",
    "Person",
    "Phase",
    "Pupil",
    "RegisterCheck",
    "RequiredRole",
    "RoleDuties",
    "RosterUpload",
    "School",
    "Term",
    "Trust",
    "User",
    "UserManager",
]

"""What agreements can prove: the agreements controls of the catalogue, counted as data/catalogue/controls.yaml says."""

from schoolgate.agreements.controls.companions import linked_codes_signed
from schoolgate.agreements.controls.everyone import signed_by_everyone
from schoolgate.agreements.controls.families import families_agreed, pupils_agreed
from schoolgate.agreements.controls.sheets import confidentiality_signed, personal_rules_signed
from schoolgate.agreements.controls.soundness import signatures_complete
from schoolgate.agreements.controls.starts import signed_before_start

__all__ = [
    "confidentiality_signed",
    "families_agreed",
    "linked_codes_signed",
    "personal_rules_signed",
    "pupils_agreed",
    "signatures_complete",
    "signed_before_start",
    "signed_by_everyone",
]

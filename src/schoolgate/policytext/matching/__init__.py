"""Which controls could carry a clause, by its likeness to texts whose controls are known."""

from schoolgate.policytext.matching.suggesting import match

__all__ = ["match"]

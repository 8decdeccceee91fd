"""Schoolgate: a school's own policy, clause by clause, with what is happening now and the records that prove it."""

__version__ = "0.1.0"

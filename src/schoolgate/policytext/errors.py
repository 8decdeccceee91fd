"""What is said when a document cannot be read."""


class Unreadable(Exception):
    """A document was refused. The text is one plain sentence: which file, what is wrong and where, and what to do about it."""

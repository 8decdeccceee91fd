"""Domain words for what can go wrong. One middleware turns them into answers; nobody else catches them for HTTP."""


class SchoolgateError(Exception):
    """Something a person can be told in one sentence, which is its only argument."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Denied(SchoolgateError):
    """This person may not do this, or this thing cannot be done in its present state. Says why."""


class NotFound(SchoolgateError):
    """No such thing in reach. Missing and forbidden are one answer, so that nothing can be learned by asking."""


class BadInput(SchoolgateError):
    """What was given cannot be used. Says what, where and how to put it right; `field` names the form field if there is one."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Replaced(Denied):
    """The thing acted on was changed or replaced while the person was looking at it."""

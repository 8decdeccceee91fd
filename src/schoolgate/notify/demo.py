"""The fictional trust's mail: taken every evening of its year, and sent to nobody."""

from django.core.mail import get_connection

from schoolgate.common import clock
from schoolgate.contracts.demo import Stage, event
from schoolgate.notify import actions

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


@event(*range(-365, 0), hour=23)
def mail_is_taken(_stage: Stage) -> None:
    """Every message of the day leaves; none reaches a real mail server, since no such people exist."""
    while actions.deliver_due(clock.now(), get_connection(NOWHERE)).sent:
        pass

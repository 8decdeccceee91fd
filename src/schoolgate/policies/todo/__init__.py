"""What policies ask of whom. Each question costs a constant number of queries, however many schools and policies there are."""

from schoolgate.policies.todo.companions import companions_to_mend
from schoolgate.policies.todo.delivery import readers_to_reach
from schoolgate.policies.todo.principles import principles_to_act_on
from schoolgate.policies.todo.reviews import early_reasons_to_decide, reviews_to_hold, reviews_to_sign
from schoolgate.policies.todo.settings import departures_to_answer, settings_to_decide
from schoolgate.policies.todo.starting import first_policy
from schoolgate.policies.todo.versions import versions_to_act_on

__all__ = [
    "companions_to_mend",
    "departures_to_answer",
    "early_reasons_to_decide",
    "first_policy",
    "principles_to_act_on",
    "readers_to_reach",
    "reviews_to_hold",
    "reviews_to_sign",
    "settings_to_decide",
    "versions_to_act_on",
]

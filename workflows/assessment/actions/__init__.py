"""A year's acts: computed and shown by the city, answered by the districts, closed by two people."""

from workflows.assessment.actions.answering import agree_result, answer_objection, object_to_result
from workflows.assessment.actions.closing import (
    freeze_scheme,
    propose_freeze,
    refuse_freeze,
    show_scheme,
    take_back_scheme,
)
from workflows.assessment.actions.computing import compute_scheme, open_scheme

__all__ = [
    "agree_result",
    "answer_objection",
    "compute_scheme",
    "freeze_scheme",
    "object_to_result",
    "open_scheme",
    "propose_freeze",
    "refuse_freeze",
    "show_scheme",
    "take_back_scheme",
]

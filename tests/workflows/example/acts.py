"""The acts of an example: what there is to know of each, said once."""

from grid.scope import Right
from tests.workflows.example import actions
from workflows.cases.forms import PlainForm, WhyForm
from workflows.engine.acts import Act

ACTS = (
    Act(
        name="propose", label="提出示范", follows="等待期满后决定", steps=("propose",), form=PlainForm,
        do=lambda example, form, by: actions.propose_example(example, by=by, at=form.at_state),
    ),
    Act(
        name="decide", label="决定示范", follows="示范结束", steps=("decide",), form=PlainForm,
        not_by=lambda example: (example.proposed_by_id,),
        do=lambda example, form, by: actions.decide_example(example, by=by, at=form.at_state),
    ),
    Act(
        name="withdraw", label="撤回示范", follows="示范结束，不再决定", steps=("withdraw",), right=Right.INSPECT,
        danger=True, is_last=True, form=WhyForm,
        do=lambda example, form, by: actions.withdraw_example(
            example, form.cleaned_data["why"], by=by, at=form.at_state
        ),
    ),
)  # fmt: skip

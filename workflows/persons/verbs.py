"""The acts of workflows/persons as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made.

The name of the person stands in what is encrypted of an entry, never in its open part.
"""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class PersonVerb(Verb):
    PERSON_HELD = "person.held", _("认定了责任人员[：{role}][，依据{record}]")
    PERSON_NOTICE_ISSUED = (
        "person.noticing",
        _("拟定对责任人员的处罚[：{role}][，罚款 {fine} 元][，文号 {number}]"),
    )
    PERSON_NOTICED = "person.noticed", _("责任人员处罚告知书已送达[：{role}][，陈述申辩至 {until}]")
    PERSON_STATED = "person.statement", _("记录了责任人员的陈述申辩[：{role}]")
    PERSON_ANSWERED = "person.answered", _("复核并答复了责任人员的陈述申辩[：{role}]")
    PERSON_HEARD_OUT = "person.heard_out", _("责任人员陈述申辩期满[：{role}]")
    PERSON_DECIDED = (
        "person.decided",
        _("对责任人员作出处罚决定[：{role}][，罚款 {fine} 元][，文号 {number}]"),
    )
    PERSON_SERVED = "person.served", _("责任人员处罚决定书已送达[：{role}][，缴纳至 {until}]")
    PERSON_PAID = "person.payment", _("登记责任人员缴款[：{role}][，{amount} 元][，{on}][，票据 {slip}]")
    PERSON_RELEASED = "person.released", _("终结对责任人员的处罚[：{role}][，理由：{reason}]")
    PERSON_OVERDUE = "person.overdue", _("责任人员的期限已满[：{role}][，{term_name}]")

"""What a sender may let a department know of a matter: named facts, chosen one by one, frozen when sent."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from grid.subjects.models import Subject
from tasks.findings.models import Finding
from tasks.findings.rules import matter


def releasable(subject: Subject, finding: Finding | None = None) -> list[tuple[str, str, str]]:
    """(key, label, value) of what may be told. Of a natural person only the masked name and what was found:
    个人信息保护法 第6条, 第34条 (no more than the duty needs). Expects `finding.visit` at hand."""
    facts = [("name", _("名称"), subject.name)]
    if not subject.is_person:
        facts += [
            ("code", _("代码"), subject.code),
            ("address", _("地址"), subject.address),
            ("kind", _("类型"), str(subject.get_kind_display())),
            ("industry", _("行业代码"), subject.industry),
        ]
    if finding:
        facts.append(("found", _("核查发现"), "、".join(matter(finding.measures))))
        answers = finding.seen.answers
        for key, label in (("employees", _("在岗人数")), ("insured_seen", _("自报参保人数"))):
            if isinstance(answers.get(key), int):
                facts.append((key, label, str(answers[key])))
    return [fact for fact in facts if fact[2]]


def released(subject: Subject, finding: Finding | None, chosen: Collection[str]) -> list[list[str]]:
    """The chosen facts as they are kept with the referral."""
    return [[label, value] for key, label, value in releasable(subject, finding) if key in chosen]

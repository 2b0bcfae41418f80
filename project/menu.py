"""What the desk's header offers this person: the same rights that guard the pages decide it."""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grid.scope import NOBODY, Actor, Right
from grid.texts import Text
from project.checklist.queries import CHECKLIST, is_offered

# (address, label, rights): offered to who has one of the rights; without any, to everybody with a post.
ENTRIES: list[tuple[str, Text, set[Right]]] = [
    ("/", _("收件箱"), set()),
    ("/coverage/", _("覆盖"), {Right.SEE}),
    ("/rounds/", _("轮次"), {Right.SEE_CASES}),
    ("/leads/", _("线索"), {Right.SEE_CASES}),
    ("/findings/", _("复核"), {Right.REVIEW}),
    ("/cases/", _("案件"), {Right.SEE_CASES}),
    ("/listings/", _("名单"), {Right.SEE_CASES}),
    ("/announcements/", _("公布"), {Right.SEE_CASES}),
    ("/disclosures/", _("处罚公示"), {Right.SEE_CASES}),
    ("/sanctions/", _("惩戒"), {Right.ANSWER_REFERRAL}),
    ("/counter/", _("窗口"), {Right.SERVE, Right.DECIDE_CITY, Right.LEGAL_REVIEW}),
    ("/reminders/", _("断缴"), {Right.REMIND}),
    ("/referrals/", _("转办"), {Right.ANSWER_REFERRAL}),
    ("/transfers/", _("欠费移送"), {Right.ANSWER_REFERRAL}),
    ("/pool/", _("待归格"), {Right.PLACE}),
    ("/registers/", _("名册"), {Right.IMPORT}),
    ("/suggestions/", _("意见"), {Right.HEAR}),
    ("/devices/", _("手机"), {Right.ENROL}),
    ("/forms/", _("表单"), {Right.EDIT_FORMS}),
    ("/people/", _("人员"), {Right.POST, Right.POST_CONTROL}),
    ("/areas/", _("区划"), {Right.SEE_CASES, Right.POST_CONTROL}),
    ("/law/", _("法规"), {Right.SEE_CASES}),
    ("/duties/", _("职责"), {Right.SEE_CASES}),
    ("/assessment/", _("考核"), {Right.SEE_CASES}),
    ("/clocks/stuck/", _("卡点"), {Right.SEE_STUCK}),
    ("/audit/", _("审计"), {Right.RETELL}),
    ("/personal/", _("个人信息"), {Right.RETELL, Right.FORGET}),
    ("/watch/", _("台账自检"), {Right.CLEAR_ALARM}),
]


# What is not work of the day stands together, a click further: the header of who may do most has room for the rest.
GROUPS: Final[list[tuple[Text, tuple[str, ...]]]] = [
    (_("名单"), ("/listings/", "/announcements/", "/disclosures/", "/sanctions/")),
    (_("管理"), ("/devices/", "/forms/", "/people/", "/areas/", "/law/")),
    (_("考核"), ("/duties/", "/assessment/")),
    (_("监督"), ("/clocks/stuck/", "/audit/", "/personal/", "/watch/")),
]
_LABEL_OF: Final = {href: label for label, hrefs in GROUPS for href in hrefs}


def context(request: HttpRequest) -> dict[str, object]:
    actor = getattr(request, "actor", NOBODY)
    offered = offered_to(actor)
    here = here_of(request.path, offered)
    return {
        "actor": actor,
        "menu": drawn(offered, here),
        "demo": settings.DEMO,
        "mandate": settings.MANDATE,
        "source_link": settings.SOURCE_LINK,
    }


def drawn(offered: Mapping[str, Text], here: str) -> list[dict[str, object]]:
    """The header from left to right: an entry as `href`, `label` and whether the page stands under it (`here`); a
    group as `label`, `here` and its `entries`, where the person is offered more than one of them.

    >>> [one["label"] for one in drawn({"/": "收件箱", "/audit/": "审计", "/watch/": "台账自检"}, "/audit/")]
    ['收件箱', '监督']
    """
    menu: list[dict[str, object]] = []
    for group, some in groupby(offered.items(), lambda entry: str(_LABEL_OF.get(entry[0], ""))):
        entries: list[dict[str, object]] = [
            {"href": href, "label": label, "here": href == here} for href, label in some
        ]
        if group and len(entries) > 1:
            menu.append({"label": group, "entries": entries, "here": any(entry["here"] for entry in entries)})
        else:
            menu += entries
    return menu


def offered_to(actor: Actor) -> dict[str, Text]:
    """Address and label of each entry, in order."""
    if not actor.held:
        return {}
    offered = {href: label for href, label, rights in ENTRIES if not rights or any(map(actor.has, rights))}
    if is_offered(actor):
        offered[CHECKLIST] = _("首周")
    return offered


# Pages that stand under an entry with another address, unless the viewer has an entry for them.
BELONGS = {
    "/claims/": "/pool/", "/people/": "/areas/", "/certificates/": "/people/", "/calendar/": "/law/", "/offices/": "/law/",
    "/legal/": "/law/", "/flows/": "/cases/",
    "/transfers/": "/cases/", "/notices/": "/cases/",
    "/clocks/": "/cases/", "/sanctions/": "/listings/", "/referrals/": "/duties/", "/targets/": "/duties/",
}  # fmt: skip


def here_of(path: str, offered: Collection[str]) -> str:
    """Which of the entries offered the page at `path` stands under; empty where none does.

    >>> here_of("/sanctions/3/", ["/", "/listings/"]), here_of("/sanctions/3/", ["/", "/listings/", "/sanctions/"])
    ('/listings/', '/sanctions/')
    """
    if path == "/":
        return path
    own = (href for href in offered if href != "/" and path.startswith(href))
    under = (entry for start, entry in BELONGS.items() if path.startswith(start) and entry in offered)
    return next(own, None) or next(under, "")

"""What the employer's pages say, in plain words, at each station of the matter."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from grid.texts import Text

CORRECT = _("请为全部职工办理参保登记，如实申报缴费基数，补缴应缴的社会保险费。")

# By the state of the case: what is asked of the employer now.
ASKED: Mapping[str, Text] = {
    "term": CORRECT,
    "escalated": _("整改期限已过，尚未核实到整改。请立即办理参保登记、补缴社会保险费，并提交整改证明。"),
    "audited": _("正在进行社会保险稽核。请配合提供职工名册、工资和缴费资料，存在的问题请立即改正。"),
    "inspected": _("劳动保障监察正在办理。请配合调查，存在的问题请立即改正。"),
    "penalised": _("行政处罚决定已经送达。请在决定书写明的期限内缴纳罚款，并改正违法行为。"),
    "listing_proposed": _("正在拟办列入严重失信人名单的告知。改正仍然有效，请提交整改证明。"),
    "defence": _("拟列入严重失信人名单。您有权陈述和申辩；已经改正的，请同时提交整改证明。"),
    "listing_review": _("陈述申辩期已满，正在审核。已经改正的，请提交整改证明。"),
    "listing_district": _("正在审核是否列入名单。已经改正的，请提交整改证明。"),
    "listing_city": _("正在审核是否列入名单。已经改正的，请提交整改证明。"),
    "listing_service": _(
        "已经决定列入名单，决定书正在送达。对决定不服的，可以依法申请行政复议或者提起行政诉讼。"
    ),
    "publication": _("已经决定列入名单，即将公示。对决定不服的，可以依法申请行政复议或者提起行政诉讼。"),
    "published": _("正在公示。对公示的内容有异议可以提出；改正并满足条件后可以申请信用修复。"),
}
NOTHING_ASKED = _("目前没有需要您办理的事项。")
ENDED = _("本案已经办结，没有需要您再办理的事项。")

# By kind: what it is, and what follows once it arrived.
ABOUT: Mapping[str, Text] = {
    "correction": _("参保登记回执、缴费凭证、职工名册等，证明已经整改。可以拍照上传。"),
    "commitment": _("承诺如实申报参保人数和缴费基数，配合核定。"),
    "statement": _("对查明的事实、理由、依据或者拟作出的处理有不同意见，在这里说明。"),
    "hearing": _("要求举行听证。请写明要求听证的理由。听证不收取费用。"),
    "objection": _("认为公示的内容有错误，在这里说明错在哪里，应当是什么。"),
    "repair": _("已经改正并履行义务，申请停止公示。请写明改正情况，附上证明。"),
}
FOLLOWS: Mapping[str, Text] = {
    "correction": _("经办人员对照社保名册核实，核实无误后结案；以社保名册为准。"),
    "commitment": _("经办人员核对后存入案卷。承诺不免除补缴义务；不如实申报的，依法处理。"),
    "statement": _("办案机关应当复核并答复，不会因为您申辩而加重处理（行政处罚法第45条）。"),
    "hearing": _("符合条件的，在举行听证的 {term}前通知您时间和地点（行政处罚法第64条）。"),
    "objection": _("核查后书面答复；信息有误的予以更正或者撤销。核查期间继续公示。"),
    "repair": _("实地核查后作出是否准予修复的决定；准予的，停止公示并解除惩戒措施。"),
}
# Where the term to say it is over: what is said is kept and answered, and nobody is heard for it.
FOLLOWS_LATE: Mapping[str, Text] = {
    "statement": _("存入案卷，由办案机关酌情考虑并答复；不会因为您申辩而加重处理（行政处罚法第45条）。"),
    "hearing": _("存入案卷并答复您；不再举行听证。"),
}
# What follows a proof of correction where the case does not end with it any more.
CORRECTED_LATER = _(
    "经办人员对照社保名册核实，记入案卷；案件已经进入处理程序，不因此结案，主动改正的依法从轻或者减轻考虑。"
)
LATE: Mapping[str, Text] = {
    "correction": _("整改期限已过：仍然收下并核实，不影响已经作出的处理；主动改正的，依法从轻或者减轻考虑。"),
    "statement": _("陈述申辩期限已过：仍然收下并存卷，在作出决定前由办案机关一并考虑。"),
    "hearing": _(
        "要求听证的期限已过（行政处罚法第64条）：仍然收下，您写明的意见在作出决定前由办案机关酌情考虑。"
    ),
}
LABELS: Mapping[str, Text] = {
    "correction": _("说明"),
    "commitment": _("承诺内容"),
    "statement": _("陈述申辩的内容"),
    "hearing": _("要求听证的理由"),
    "objection": _("异议内容"),
    "repair": _("改正和履行义务的情况"),
}
COMMITMENT = _(
    "本单位承诺：如实申报全部职工人数和工资总额，按规定为全部职工办理参保登记，依法核定缴费基数，"
    "按时足额缴纳社会保险费；所提供的材料真实有效，如有不实，愿意承担法律责任。"
)
REPAIR_COMMITMENT = _(
    "本单位承诺：已经改正违法行为、履行法定义务，所提交的材料真实有效；今后依法参加社会保险、按时足额缴费，"
    "如有违反，愿意依法承担责任并接受重新列入。"
)


def asked_now(case_state: str, is_open: bool) -> str:
    return str(ASKED.get(case_state, NOTHING_ASKED) if is_open else ENDED)

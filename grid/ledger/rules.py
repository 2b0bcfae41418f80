"""How the parts of a fact are called when a sentence lists them: columns of a subject, questions of a form.

The ledger keeps their code names, which never change; people read these. A test refuses a question of a form
or a column of a subject that has no word here.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from grid.texts import Text

WORDS: Mapping[str, Text] = {
    # --- a subject's own columns ---
    "name": _("名称"),
    "kind": _("类型"),
    "standing": _("登记状态"),
    "address": _("地址"),
    "industry": _("行业"),
    "established_on": _("成立日期"),
    "credit_code": _("统一社会信用代码"),
    "legacy_code": _("注册号"),
    "local_code": _("本地编码"),
    "full_name": _("姓名全称"),
    "initials": _("拼音首字母"),
    # --- questions at the door ---
    "outcome": _("走访结果"),
    "operating": _("是否在经营"),
    "employees": _("在岗人数"),
    "contracts": _("劳动合同人数"),
    "insured_seen": _("自报参保人数"),
    "types_seen": _("参保险种"),
    "wage_base": _("缴费基数"),
    "end_ground": _("不再核查的依据"),
    "exempt_retired": _("退休返聘人数"),
    "exempt_students": _("实习学生人数"),
    "exempt_elsewhere": _("在他处参保人数"),
    "exempt_platform": _("平台用工人数"),
    "people": _("见到的未参保职工"),
    "moved_to": _("搬往何处"),
    "hired": _("编外聘用人数"),
    "hired_insured": _("编外聘用参保人数"),
    "progress": _("项目进展"),
    "site_workers": _("在场施工人数"),
    "contractor": _("施工总承包单位"),
    "contractor_code": _("总承包单位代码"),
    "permit": _("施工许可证号"),
    "project_insured": _("按项目参加工伤保险"),
    "certificate": _("参保证明"),
    "roster": _("实名制花名册"),
    "started_on": _("开工日期"),
    "crews": _("未上花名册的班组"),
    "dust_workers": _("接触粉尘人数"),
    "injury_insured": _("接触粉尘人员工伤参保人数"),
    "adults": _("家中应参保人数"),
    "all_insured": _("是否都已参保"),
    "unit_uninsured": _("单位未给参保"),
    "members": _("未参保或断缴的家人"),
    "workplace": _("工作单位"),
    "wish": _("参保意愿"),
    "work": _("就业方式"),
    "occupational": _("职业伤害保障"),
    "paid_by": _("今年保费由谁缴"),
    "blocked": _("未缴原因"),
    "posted": _("是否张贴"),
    "materials": _("张贴材料"),
    "poster_photo": _("张贴照片"),
    # --- a document served at a door ---
    "notice": _("文书编号"),
    "way": _("送达方式"),
    "recipient": _("签收人"),
    "relation": _("与受送达人关系"),
    "refused_reason": _("拒收理由"),
    "witness_1": _("见证人"),
    "witness_2": _("第二见证人"),
    "service_note": _("送达备注"),
    "own_insurance": _("本人养老保险"),
    "hardship": _("困难类别"),
    "lapsed": _("中断缴费"),
    "lapsed_count": _("中断缴费人数"),
    "platform_workers": _("平台用工人数"),
    "remark": _("备注"),
    # --- personal data ---
    "phone": _("电话"),
    "holder": _("机主"),
    "signer": _("提交人"),
    "receiver": _("签收人"),
    "role": _("与受送达人关系"),
    "witness": _("见证人"),
    "raw_line": _("名册原文"),
    # --- evidence ---
    "refusal_photo": _("拒访现场照片"),
    "photo": _("照片"),
    "signature": _("签名"),
}


def word(name: str) -> str:
    """The word for one part; what has none stays as it is."""
    return str(WORDS.get(name, name))

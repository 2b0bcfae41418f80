"""市场监管: the register of enterprises and sole traders. Names of natural persons are not taken over."""

from grid.registers.rules import Field, Layout

LAYOUT = Layout(
    register="market",
    label="市场监管登记",
    # Without a code a business register entry cannot be told from its namesake in another town.
    name_may_identify=False,
    required=("name", "address"),
    fields=(
        Field(
            "credit_code",
            "统一社会信用代码",
            "code",
            ("uni_social_crd_cd", "uscc", "aab003", "社会信用代码", "信用代码"),
        ),
        Field("legacy_code", "注册号", "code", ("reg_no", "opt_reg_no", "营业执照注册号", "工商注册号")),
        Field(
            "name",
            "企业名称",
            "name",
            ("comp_nm", "comp_name", "corp_nm", "name", "单位名称", "名称", "aab004"),
        ),
        Field(
            "standing", "登记状态", "text", ("reg_state", "状态", "企业状态", "经营状态", "登记状态（中文）")
        ),
        Field("org_category", "主体类别", "text", ("org_category", "主体类型", "机构类别")),
        Field(
            "kind", "企业类型", "text", ("comp_type", "ent_type", "企业类型大类", "类型", "企业（机构）类型")
        ),
        Field(
            "address",
            "住所",
            "text",
            ("addr", "address", "地址", "注册地址", "经营场所", "住所（登记、个体户经营场所）"),
        ),
        Field("area_code", "住所所在行政区划", "text", ("domdi_strict",)),
        Field("industry", "行业代码", "text", ("indv_code",)),
        Field("industry_name", "行业名称", "text", ("indv_nm", "indv_id", "行业", "所属行业", "行业门类")),
        Field("capital", "注册资本", "amount_wan", ("reg_capt", "reg_capital_raw", "注册资金", "资金数额")),
        Field("established_on", "成立日期", "day", ("est_dt", "reg_date", "注册日期", "开业日期")),
        Field("approved_on", "核准日期", "day", ("appr_dt",)),
        Field("business_from", "营业起始日期", "day", ("opt_from", "经营(营业)起始日期", "营业期限自")),
        Field("business_until", "营业截止日期", "day", ("opt_to", "经营(营业)截止日期", "营业期限至")),
        Field("authority", "登记机关", "text", ("reg_org",)),
        Field("employees", "从业人数", "count", ("从业人员数", "从业人员", "雇工人数", "empnum")),
        Field("scope", "经营范围", "text", ("opt_scop", "business_scope", "经营（业务）范围")),
    ),
)

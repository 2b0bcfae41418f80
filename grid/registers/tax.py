"""税务: what a unit declared and paid. Totals of the unit only, never a person's wage."""

from grid.registers.rules import Field, Layout

LAYOUT = Layout(
    register="tax",
    label="税务申报",
    required=("name",),
    fields=(
        Field(
            "credit_code",
            "统一社会信用代码",
            "code",
            ("uni_social_crd_cd", "aab003", "社会信用代码", "uscc", "纳税人识别号"),
        ),
        Field("legacy_code", "税务登记证号", "code", ("tax_reg_no", "税务登记证号码", "注册号")),
        Field("name", "纳税人名称", "name", ("comp_nm", "corp_nm", "企业名称", "单位名称", "名称", "aab004")),
        Field(
            "period", "所属年月", "month", ("count_dt", "统计时间", "税款所属期", "费款所属期", "数据年月")
        ),
        Field("last_filed", "最近申报年月", "month", ("末次申报年月", "最后申报年月", "最近申报期")),
        Field("heads", "个税扣缴人数", "count", ("扣缴人数", "个人所得税扣缴人数", "代扣代缴人数")),
        Field("exempt_heads", "其中不计参保人数", "count", ("退休返聘劳务实习人数", "其中退休返聘等人数")),
        Field("wages", "工资薪金总额", "amount", ("月工资薪金总额", "工资薪金", "月工资总额")),
        Field("tax", "税额总额", "amount", ("tax_amt", "实缴税额", "入库税额")),
        Field("sales", "销售收入", "amount", ("sale_inco", "营业收入")),
        Field("premium_due", "社保费应缴", "amount", ("应缴社保费", "社会保险费应缴额", "pay_amt")),
        Field("premium_paid", "社保费实缴", "amount", ("实缴社保费", "社会保险费实缴额")),
        Field("premium_owed", "社保费欠费", "amount", ("欠缴社保费", "社会保险费欠费")),
        Field("address", "经营地址", "text", ("unit_opt_loc", "单位经营地址", "地址", "住所")),
        Field("kind", "纳税人类型", "text", ("登记注册类型", "企业类型")),
    ),
)

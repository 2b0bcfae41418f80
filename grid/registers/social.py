"""社会保险: who is insured, for what, until when. Head-counts of the unit only, never a person."""

from grid.registers.rules import Field, Layout

LAYOUT = Layout(
    register="social",
    label="社会保险参保",
    required=("name",),
    fields=(
        Field(
            "credit_code", "统一社会信用代码", "code", ("uni_social_crd_cd", "aab003", "社会信用代码", "uscc")
        ),
        Field("legacy_code", "营业执照注册号", "code", ("opt_reg_no", "reg_no", "注册号")),
        Field(
            "name",
            "单位名称",
            "name",
            ("comp_nm", "corp_nm", "unit_nm", "aab004", "企业名称", "名称", "参保单位"),
        ),
        Field("unit_no", "单位编码", "text", ("unit_cd", "unit_id", "单位编号", "aab001")),
        Field("status", "参保状态", "text", ("stat", "当前状态", "单位参保状态")),
        Field("period", "所属年月", "month", ("rece_ym", "应收年月", "费款所属期", "fee_period", "数据年月")),
        Field("insured_since", "投保起始日期", "month", ("issue_start_dt", "参保起始年月", "参保日期")),
        Field("insured", "参保总人数", "count", ("mon_insurd_prsons", "月参保总人数", "参保人数")),
        Field("pension", "养老保险人数", "count", ("pens_num", "养老参保人数", "基本养老保险人数")),
        Field("medical", "医疗保险人数", "count", ("medic_num", "医疗参保人数")),
        Field("unemployment", "失业保险人数", "count", ("unemploy_num", "失业参保人数")),
        Field("injury", "工伤保险人数", "count", ("injury_num", "工伤参保人数")),
        Field("maternity", "生育保险人数", "count", ("materni_num", "生育参保人数")),
        Field("pension_paid_to", "养老保险缴费年月", "month", ("pens_pay_ym", "养老缴至年月", "缴费至")),
        Field("unemployment_paid_to", "失业保险缴费年月", "month", ("unemploy_pay_ym",)),
        Field("injury_paid_to", "工伤保险缴费年月", "month", ("injury_pay_ym",)),
        Field(
            "base", "月人均缴费基数", "amount", ("per_pay_basis", "人均缴费基数", "缴费基数", "月缴费基数")
        ),
        Field("address", "单位地址", "text", ("addr", "地址", "住所", "corp_local_street", "单位所处街道")),
        Field("admin_region", "行政区", "text", ("admin_region", "admin_area", "行政区划")),
        Field("kind", "单位性质", "text", ("corp_nature", "econ_nature", "经济性质", "单位类型")),
    ),
)

"""Small files of the three registers, as departments hand them in."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.cast import credit_code

HEADERS = {
    "market": "统一社会信用代码,企业名称,住所,登记状态",
    "social": "统一社会信用代码,单位名称,参保状态,所属年月,参保总人数",
    "tax": "纳税人识别号,纳税人名称,税款所属期,个人所得税扣缴人数",
}


def name_of(number: int) -> str:
    return f"示例{number}号有限公司"


def line_of(number: int, said: str, name: str = "") -> str:
    return f"{credit_code(number)},{name or name_of(number)},{said}"


def written(folder: Path, register: str, said: Mapping[int, str] | Iterable[str]) -> Path:
    """A file of number → what its line says behind code and name, or of whole lines."""
    lines = [line_of(n, what) for n, what in said.items()] if isinstance(said, Mapping) else list(said)
    path = folder / f"{register}-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join([HEADERS[register], *lines, ""]), encoding="utf8")
    return path

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import CountField
from grid.outside import is_readable
from grid.territory.grids.reading.datum import GCJ02, WGS84
from grid.territory.grids.reading.lines import read_outline
from grid.territory.grids.rules import MOST_HOUSEHOLDS
from grid.territory.grids.rules.planning import LONGEST_NAME
from grid.territory.models import Area
from grid.territory.rules import GRID_KINDS, Outline

DATUMS = (
    ("", _("请选择（表格不必选）")),
    (WGS84, _("WGS-84 或 CGCS2000（GPS、天地图、测绘成果）")),
    (GCJ02, _("GCJ-02（高德、腾讯地图）")),
)
LARGEST_PASTED = 500_000


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("文件"), max_length=100, help_text=_("CSV、XLSX 表格，或 GeoJSON（FeatureCollection）。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.json,.geojson"}),
    )  # fmt: skip
    datum = forms.ChoiceField(
        label=_("GeoJSON 的坐标系"), choices=DATUMS, required=False,
        help_text=_("选错会使边界整体偏移三百至六百米。拿不准的，请问提供边界的单位。"),
    )  # fmt: skip


class DrawnForm(forms.Form):
    """An outline as GeoJSON pasted, drawn on the page, or uploaded."""

    outline = forms.CharField(
        label=_("边界"), required=False, max_length=LARGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "data-outline": ""}),
        help_text=_("粘贴 GeoJSON（Polygon 或 MultiPolygon），或在图上逐点画出。留空则没有边界，或保持原样。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("或上传边界文件"), required=False, max_length=100,
        widget=forms.FileInput(attrs={"accept": ".json,.geojson"}),
    )  # fmt: skip
    datum = forms.ChoiceField(
        label=_("坐标系"), choices=DATUMS[1:], initial=GCJ02,
        help_text=_("指粘贴或上传的坐标；在图上画的，以图为准。"),
    )  # fmt: skip
    why = forms.CharField(label=_("依据"), max_length=100, required=False)

    def clean_outline(self) -> str:
        text: str = self.cleaned_data["outline"]
        if not is_readable(text):
            raise forms.ValidationError(_("含有无法识别的字符。"))
        return text

    def drawn(self) -> Outline | None:
        """The outline given, if any. Raises what read_outline raises."""
        given = self.cleaned_data
        file = given["file"]
        content = file.read(LARGEST_PASTED * 4) if file else given["outline"].strip().encode()
        return read_outline(content, file.name if file else "GeoJSON", given["datum"]) if content else None


class GridForm(DrawnForm):
    """A grid, new or as it is."""

    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("类型"), choices=[(kind, kind) for kind in GRID_KINDS])
    households = CountField(label=_("居民户数"), max_value=MOST_HOUSEHOLDS, initial=0)
    field_order = ("name", "kind", "households", "outline", "file", "datum", "why")

    def __init__(self, *args: Any, grid: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if grid is not None:
            del self.fields["kind"]  # it goes with the code
        else:
            del self.fields["why"]

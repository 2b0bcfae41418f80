"""The refusals of grid/pictures; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class PictureUnshown(Problem):
    code = "picture-unshown"
    status = 415
    title = _("图片无法显示")
    template = _("这个文件不是完整的图片，无法显示；原件仍然保存。")
    advice = _("请提交人重新提供。")

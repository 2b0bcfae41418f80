"""The refusals of mobile_api/uploads; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class TusVersion(Problem):
    code = "tus-version"
    status = 412
    title = _("上传协议版本不符")
    template = _("服务器只支持 tus 1.0.0。")


class UploadTooLarge(Problem):
    code = "upload-too-large"
    status = 413
    title = _("照片太大")
    template = _("单张照片不能超过 {limit} MB。")
    advice = _("请重新拍摄；应用会自动压缩照片。")


class PhotoAllowance(Problem):
    code = "photo-allowance"
    status = 429
    title = _("今天的照片已达上限")
    template = _("这部手机今天上传的照片已达上限（{limit}），明天自动继续；照片都还在手机里。")

    def __init__(self, **facts: object) -> None:
        super().__init__(seconds=3_600, **facts)


class UploadOffset(Problem):
    code = "upload-offset"
    status = 409
    title = _("上传位置不符")
    template = _("服务器已收到 {offset} 字节，请从那里继续。")


class UploadOverrun(Problem):
    code = "upload-overrun"
    status = 413
    title = _("上传内容超出长度")
    template = _("发送的内容超过了声明的 {size} 字节。")


class UploadType(Problem):
    code = "upload-type"
    status = 415
    title = _("上传内容类型不符")
    template = _("续传须使用 application/offset+octet-stream。")


class PhotoHashWrong(Problem):
    code = "photo-hash-wrong"
    status = 460
    title = _("照片内容不符")
    template = _("收到的照片与手机记录的指纹不符，已删除，请重新上传。")

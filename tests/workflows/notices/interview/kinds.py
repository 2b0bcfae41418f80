from django.db import models


class Kind(models.TextChoices):
    """In the product this is one line of `NoticeKind`."""

    INTERVIEW = "interview", "约谈通知书"

"""Sentences are found in a template however they are written there."""

import pytest

from tests.contract.sentences import fixed


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "接下来：" %}{{ follows }}</span>', []),
        ("接下来：{{ outlook.words }}</span>", []),
        ("<h2>{% translate '接下来' %}</h2><p>送复核</p>", []),
        ("{% translate '接下来：存卷。' %}<p>接下来:送复核</p>", ["存卷。", "送复核"]),
        ('{% translate "接下来：" %}{% translate "送复核" %}</p>', ["送复核"]),
        ('接下来：{{ words }}{% translate "，期限照算" %}</p>', ["{{ words }}，期限照算"]),
        ("{% blocktranslate %}接下来：还有 {{ n }} 户。{% endblocktranslate %}", ["还有 {{ n }} 户。"]),
        ("{% if a %}接下来：送复核{% else %}接下来：存卷{% endif %}</p>", ["送复核", "存卷"]),
        ("<p>接下来：送复核，\n  存卷。\n</p>{# 接下来：作废 #}", ["送复核， 存卷。"]),
    ],
)
def test_fixed(source: str, found: list[str]) -> None:
    assert fixed(source) == found

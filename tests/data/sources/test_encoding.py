"""Texts that Excel saves in other scripts read as what was written."""

import pytest

from modelwright.data.sources.encoding import to_utf8


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("燃費,馬力,車名\n1,2,トヨタ\n3,4,日産\n", "cp932"),
        ("Имя,Город\nИван,Москва\n", "cp1251"),  # noqa: RUF001
        ("이름,도시\n김철수,서울\n", "euc_kr"),
        ("姓名,城市\n张三,北京\n李四,上海市\n", "gb2312"),
        ("Größe;Straße\nÄrger;Öl\nÄÖÜ ²³;°\n", "cp1252"),
        ("prénom,été\nAndré,Noël\nÁÉÍÓÚ,“quote” €5\n", "cp1252"),
        ("Smørrebrød,ÆØÅ æøå\n", "cp1252"),
    ],
)
def test_scripts_are_told_apart(text, encoding):
    decoded = to_utf8(text.encode(encoding), "a.csv")
    assert decoded.text.decode() == text
    assert decoded.encoding == encoding
    assert "guessed" in decoded.words

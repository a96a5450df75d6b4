"""Texts that Excel saves in other scripts read as what was written."""

import pytest

from modelwright.data.sources.encoding import to_utf8
from modelwright.errors import SourceError


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("燃費,馬力,車名\n1,2,トヨタ\n3,4,日産\n", "cp932"),
        ("Имя,Город\nИван,Москва\n", "cp1251"),  # noqa: RUF001
        ("이름,도시\n김철수,서울\n", "euc_kr"),
        ("姓名,城市\n张三,北京\n李四,上海市\n", "gb18030"),
        ("姓名,城市\n朱镕基,北京\n", "gb18030"),
        ("都道府県,氏名\n東京都,田中太郎\n大阪府,山田花子\n", "cp932"),
        ("通貨,国\nイラク・ディナール,オランダ王国\n", "cp932"),
        ("ГОРОД,ЦЕНА\nМОСКВА,1\nКАЗАНЬ,2\n", "cp1251"),  # noqa: RUF001
        ("Пол,age\n" + "М,1\nЖ,2\n" * 50, "cp1251"),  # noqa: RUF001
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


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Téléphone,élève\n1,préféré\n", "cp1252"),
        ("Déjà vu à Noël: l'élève créée, “ça”, cœur\n", "cp1252"),
        ("ÉTÉ,À LA FÊTE\nÇA,GARÇON\n", "cp1252"),
        ("à,b\n1,2\n", "cp1252"),
        ("ÄÖÜ,1\n", "cp1252"),
        ("Mädchen,Straßenbahnübergänge\nfür,Öl\n", "cp1252"),
        ("¿Qué?,Año\n¡Señor!,corazón\n1º,2ª\n", "cp1252"),
        ("São João,à ação,é,pão,ÕES\n", "cp1252"),
        ("ÅÄÖ,åäö,Skåne,Malmö\n", "cp1252"),
        ("ÆØÅ,øl,å,ærø,Tromsø\n", "cp1252"),
        ("Þórður,Ísafjörður,ðæði\n", "cp1252"),
        ("Příliš žluťoučký kůň,Škoda,ÚPĚL\n", "cp1250"),
        ("Zażółć gęślą jaźń,ŁÓDŹ\n", "cp1250"),
    ],
)
def test_texts_with_accents_are_of_no_other_script(text, encoding):
    try:
        found = to_utf8(text.encode(encoding), "a.csv").encoding
    except SourceError:
        found = "none"
    assert found in ("cp1252", *(["none"] if encoding == "cp1250" else []))

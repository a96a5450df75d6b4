import re

from modelwright.report.dashboard.assets import address_of, assets


def test_files_have_the_address_that_pages_ask_for():
    for name in ("dashboard.css", "dashboard.js", "icon.svg"):
        assert address_of(name) in assets()


def test_files_ask_no_other_host():
    for address, asset in assets().items():
        text = asset.data.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]+\.|@import|url\(", text), address


def test_the_style_holds_that_of_the_report_too():
    style = assets()[address_of("dashboard.css")].data
    assert b".leaderboard" in style or b".board" in style
    assert b".tabs" in style

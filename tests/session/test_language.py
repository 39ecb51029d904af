"""The language of the first sentence is that of the system."""

from __future__ import annotations

import pytest

from renomap.session.language import system_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GBK"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "RENOMAP_LANG": "en"}, "en"),
        ({"LANG": "", "RENOMAP_LANG": "zh"}, "zh"),
    ],
)
def test_variables_decide_in_their_order(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("Chinese (Simplified)_China", "zh"), ("zh_CN", "zh"), ("English_United States", "en")],
)
def test_without_variables_the_locale_decides(
    monkeypatch: pytest.MonkeyPatch, spoken: str, language: str
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (spoken, "UTF-8"))
    assert system_language({}) == language


def test_without_either_the_list_of_the_system_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import QLocale

    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    monkeypatch.setattr(QLocale, "uiLanguages", lambda self: ["zh-Hans-CN", "en-CN"])
    assert system_language({}) == "zh"
    monkeypatch.setattr(QLocale, "uiLanguages", lambda self: ["en-CN", "zh-Hans-CN"])
    assert system_language({}) == "en"

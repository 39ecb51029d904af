"""Chinese can be typed where the desktop asks for fcitx."""

from __future__ import annotations

from pathlib import Path

from renomap.desktop.input_method import choose


def test_fcitx_is_served_by_the_front_end_that_the_wheel_has() -> None:
    for asked in ("fcitx", "fcitx5"):
        environment = {"QT_IM_MODULE": asked}
        choose(environment)
        assert environment == {"QT_IM_MODULE": "ibus"}


def test_other_wishes_are_left_as_they_are() -> None:
    for asked in ({}, {"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "xim"}, {"QT_IM_MODULES": "wayland;ibus"}):
        environment = dict(asked)
        choose(environment)
        assert environment == asked


def test_of_two_names_for_one_front_end_one_is_kept() -> None:
    environment = {"QT_IM_MODULES": "wayland;fcitx;ibus"}
    choose(environment)
    assert environment == {"QT_IM_MODULES": "wayland;ibus"}


def test_a_plugin_that_was_added_does_its_work(tmp_path: Path) -> None:
    folder = tmp_path / "platforminputcontexts"
    folder.mkdir()
    (folder / "libfcitx5platforminputcontextplugin.so").touch()
    environment = {"QT_IM_MODULE": "fcitx", "QT_PLUGIN_PATH": str(tmp_path)}
    choose(environment)
    assert environment["QT_IM_MODULE"] == "fcitx"

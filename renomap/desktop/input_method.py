"""Which input method Qt is to use, so that Chinese can be typed."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtCore import QDir, QLibraryInfo

#: Input methods that Qt's own packages bring no plugin for, though their daemon answers as ibus too.
ANSWERS_AS_IBUS = ("fcitx", "fcitx5")


def choose(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let the ibus front end serve where fcitx is asked for and has no plugin; before Qt starts.

    Most desktops set ``QT_IM_MODULE=fcitx``. The Qt of the wheel has no such plugin and would start without
    any input method, so that no Chinese can be typed; fcitx also listens where ibus would. A plugin that
    somebody has added (in Qt's own folder or in ``QT_PLUGIN_PATH``) is left to do its work.

    Parameters
    ----------
    environment
        Variables of the process; ``QT_IM_MODULE`` and ``QT_IM_MODULES`` are changed in place.

    Examples
    --------
    >>> asked = {"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"}
    >>> choose(asked)
    >>> asked
    {'QT_IM_MODULE': 'ibus', 'QT_IM_MODULES': 'wayland;ibus'}
    """
    if _has_plugin(environment.get("QT_PLUGIN_PATH", "")):
        return
    for name, between in (("QT_IM_MODULE", None), ("QT_IM_MODULES", ";")):
        asked = environment.get(name)
        if asked:
            served = ("ibus" if each in ANSWERS_AS_IBUS else each for each in asked.split(between))
            environment[name] = (between or " ").join(dict.fromkeys(served))


def _has_plugin(added: str) -> bool:
    """Whether one of Qt's folders of plugins holds one for fcitx."""
    folders = [QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), *added.split(os.pathsep)]
    names = [f"*{each}*" for each in ANSWERS_AS_IBUS]
    return any(QDir(f"{each}/platforminputcontexts").entryList(names) for each in folders if each)

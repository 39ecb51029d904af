"""Versions: keep the state of now under a name, see what has changed since, go back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from renomap.desktop.desk import Desk
from renomap.model.project import Project
from renomap.model.version import BY_HAND
from renomap.session.comparing import VERSION, Source
from renomap.session.versions import forgotten, returned, version_of, version_title, with_version
from renomap.store.user import user_name


def keep(desk: Desk) -> None:
    """Ask what the state of now is to be called and keep it; one undo step."""
    say = desk.session.speech
    today = dt.date.today()
    proposed = say("versions.proposed", month=today.month, day=today.day)

    def then(note: str) -> None:
        called = " ".join(note.split()) or proposed
        _change(
            desk,
            lambda: with_version(desk.project, BY_HAND, note=called, by=user_name(), at=dt.datetime.now()),
            "change.keep-version",
            called,
        )
        desk.status.tell(say("versions.kept", name=called))

    desk.ask_text(say("window.action.keep-version").rstrip("…"), say("versions.question"), proposed, then)


def show(desk: Desk) -> None:
    """Show the versions, beside the map."""
    from renomap.desktop.dialogs.versions import VersionsDialog

    dialog = VersionsDialog(desk.session, desk.window)
    dialog.keep_wanted.connect(lambda: keep(desk))
    dialog.compare_wanted.connect(lambda key: compare_with(desk, key))
    dialog.compare_wanted.connect(lambda _: dialog.accept())
    dialog.return_wanted.connect(lambda key: go_back(desk, key))
    dialog.forget_wanted.connect(lambda key: forget(desk, key))
    desk.show(dialog)


def compare_with(desk: Desk, key: str) -> None:
    """What has changed since a version, as two maps and lists."""
    title = version_title(version_of(desk.project, key), desk.session.speech.words)
    desk.session.comparing.start(Source(VERSION, key, title))


def go_back(desk: Desk, key: str) -> None:
    """Make the scheme again what it was in a version; one undo step, and the state of now stays a version."""
    _change(
        desk,
        lambda: returned(desk.project, key, by=user_name(), at=dt.datetime.now()),
        "change.return-version",
        _title(desk, key),
    )


def forget(desk: Desk, key: str) -> None:
    """Take a version out of the project; undo brings it back."""
    _change(desk, lambda: forgotten(desk.project, key), "change.forget-version", _title(desk, key))


def _title(desk: Desk, key: str) -> str:
    return version_title(version_of(desk.project, key), desk.session.speech.words)


def _change(desk: Desk, make: Callable[[], Project], code: str, title: str) -> None:
    desk.guarded(lambda: desk.session.document.apply_project(make(), code, title=title))

"""Shared by all tests: no display needed, settings and caches in a place of their own."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("RENOMAP_LANG", "en")


@pytest.fixture(scope="session", autouse=True)
def _one_application(qapp: object) -> None:
    """One application for all: drawing would make a smaller one that the window's tests could not use."""

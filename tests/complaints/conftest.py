"""The window that the tests of this folder use."""

from __future__ import annotations

from desk_fixture import desk

__all__ = ["desk"]

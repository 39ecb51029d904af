"""The made-up town and its words for all tests of the maps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from plan_factory import crowded, town

from renomap.cartography.fonts import ensure_application
from renomap.model.plan import Plan
from renomap.wording.catalogue import words


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: object) -> None:
    ensure_application()  # finds the application of the widget tests, which a plain one would keep out


@pytest.fixture(scope="session")
def plan() -> Plan:
    return town()


@pytest.fixture(scope="session")
def bare_plan() -> Plan:
    """No scheme, no layer but neighbourhoods."""
    return town(grouped=False, ground=False)


@pytest.fixture(scope="session")
def crowd() -> Plan:
    return crowded()


@pytest.fixture(scope="session")
def zh() -> Mapping[str, str]:
    return words("zh")


@pytest.fixture(scope="session")
def en() -> Mapping[str, str]:
    return words("en")

"""Frames of a project by role: the same object each time, so that nothing is derived from it twice."""

from __future__ import annotations

from dataclasses import replace

from renomap.model.roles import Role
from renomap.steps.demo import sample_project
from renomap.steps.frames import frame_of


def test_a_stroke_leaves_the_frames_of_other_layers_the_objects_they_were() -> None:
    project = sample_project()
    roads = frame_of(project, Role.ROADS)
    assert roads is not None
    assert (roads["layer"] == project.layers_of(Role.ROADS)[0].key).all()
    after = replace(project, meta={**project.meta, "changed": "yes"})
    assert frame_of(after, Role.ROADS) is roads
    (layer,) = project.layers_of(Role.ROADS)
    assert "layer" not in layer.frame


def test_a_role_that_no_layer_has_gives_none() -> None:
    project = replace(sample_project(), layers=())
    assert frame_of(project, Role.ROADS) is None

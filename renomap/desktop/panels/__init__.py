"""Panels: the docks around the map."""

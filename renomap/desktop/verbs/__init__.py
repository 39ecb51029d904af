"""Verbs: what the actions do, a module for each menu."""

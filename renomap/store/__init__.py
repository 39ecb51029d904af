"""KEEP: one file per project, a journal of every change, a lock against two hands."""

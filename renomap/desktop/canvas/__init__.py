"""The map in the window: what is drawn, what lies on it, and what mouse and keyboard do to it."""

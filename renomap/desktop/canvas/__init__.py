"""The map in the window: what is drawn, what lies on it, and what the hand does to it."""

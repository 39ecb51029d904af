"""One module per step a planner takes; the command line and the window call these and nothing below."""

"""One module per step a planner takes: functions that compose the rooms below, for commands and window."""

"""WINDOW: what the planner sees and touches. No rules of the trade are decided here."""

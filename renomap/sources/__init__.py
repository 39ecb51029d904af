"""Load: whatever a planner receives becomes layers with canonical columns, and every guess is said."""

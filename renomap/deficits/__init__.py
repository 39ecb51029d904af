"""ATTACH: what each neighbourhood and each area lacks against a standard, and what pooling makes possible."""

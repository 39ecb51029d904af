"""The making of the sample town, one module per thing that is made."""

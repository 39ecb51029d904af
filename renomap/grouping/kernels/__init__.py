"""The compiled loops of the search, and the records that they work on."""

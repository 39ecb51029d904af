"""The programme: what must be settled before an area may be renewed."""

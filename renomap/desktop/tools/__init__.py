"""Tools: what the left button does on the map, one file each."""

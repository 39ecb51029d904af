"""SAY: what is said of a plan's figures, the same on map, slide, page, table and screen."""

"""What frames the map: bars, docks, banners, menus and the start page."""

"""The sample town: an invented old quarter that shows everything the program does."""

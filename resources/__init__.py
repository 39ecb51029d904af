"""What the program carries with it besides code: words, styles, standards, fonts."""

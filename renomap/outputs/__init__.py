"""Hand over: files made from a plan, all with the same numbers and one version stamp."""

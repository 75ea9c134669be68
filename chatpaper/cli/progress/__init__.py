"""How far long work has come, on stderr where that is a terminal."""

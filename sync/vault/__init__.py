"""Opens sealed records with the state's key and projects them into the national case database."""

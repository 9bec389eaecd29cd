"""Serial ports: which there are and whose, how each is doing, and what is wrong where one does not work."""

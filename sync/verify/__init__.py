"""`garita-verify`: a program of its own for whoever doubts Garita. It imports nothing of Garita; see README.md."""

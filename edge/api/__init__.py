"""JSON for the touch screen and for tests: problems have one shape, POST starts, GET only observes."""

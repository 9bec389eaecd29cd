"""Analyzer Link: Garita's open protocol for handheld analyzers."""

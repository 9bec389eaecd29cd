"""Scales: MT-SICS, A&D and Ohaus."""

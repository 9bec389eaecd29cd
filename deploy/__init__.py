"""Provisioning of stations and centre, and the demonstration that runs them all on one machine."""

"""What every test stands on: property tests judge what comes out, never how long a busy machine took."""

from hypothesis import HealthCheck, settings

settings.register_profile("garita", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("garita")

"""The worker processes: django-q2 delivers, our queue process sees to it that nothing is left behind or stuck when one is killed."""

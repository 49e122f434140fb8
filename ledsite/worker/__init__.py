"""The worker processes: django-q2's cluster, made so that nothing of it is left behind or stuck when one of its processes is killed."""

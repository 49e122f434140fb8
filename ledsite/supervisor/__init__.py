"""The small supervisor behind `manage.py up`: starts web, workers and director, restarts what crashes, stops in order."""

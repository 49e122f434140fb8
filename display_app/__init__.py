"""What is on the panel now."""

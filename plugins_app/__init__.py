"""What is on offer, what is installed, and how it changes."""

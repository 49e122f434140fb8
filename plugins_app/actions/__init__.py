"""What a plugin offers besides settings: the scripts that its manifest lists, run by a worker in a process of their own."""

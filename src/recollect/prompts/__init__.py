"""What chat models are asked, a file a task, and how their replies are read."""

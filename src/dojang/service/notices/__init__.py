"""What is told to people by mail."""

"""What content must keep to before it may be said: wording, length, silence, and that everything it names exists."""

"""A voice-based guided grounding assistant. See docs/architecture.md for the house and its laws."""

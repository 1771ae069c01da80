"""For staff: who may be asked how it was, and answers written down from paper or a call."""

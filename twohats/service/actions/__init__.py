"""The only code that changes records; each change names who did it and leaves an audit event."""

"""One script a claim; each prints its ratio to a peer, or its figure with n and interval."""

"""The leader's pages: both experiences side by side as equals."""

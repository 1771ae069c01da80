"""Control charts: what a process does by itself and what stands out; the same in a command, a build and on a page."""

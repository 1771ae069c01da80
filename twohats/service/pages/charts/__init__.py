"""Pictures drawn as SVG on the server: the same few forms everywhere, readable in greyscale."""

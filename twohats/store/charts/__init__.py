"""Control charts and funnels: what stands out from chance; the same in a command, a build and on a page."""

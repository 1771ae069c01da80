"""How complete, how fresh and how well understood the data are."""

"""Pages on paper: words, pictures and tables set as a PDF that a screen reader can follow."""

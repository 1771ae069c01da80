"""Since last Monday: urgent words, cases past their clock, people we lost track of, hats overruled; both hats."""

"""What templates may say: the words of the hats and of the catalogue, in the reader's language."""

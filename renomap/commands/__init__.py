"""The command line: words in, steps called, sentences or JSON out."""

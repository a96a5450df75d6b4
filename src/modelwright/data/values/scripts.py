"""Scripts that put no blanks between words, as classes of characters in Rust's notation."""

SYLLABLES = r"\p{Han}\p{Hiragana}\p{Katakana}"
"""Of which one to three are a word."""
LETTERS = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Of which two to five or more are a word."""

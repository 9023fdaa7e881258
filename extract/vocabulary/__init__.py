"""What a text speaks of: terms of a vocabulary that a researcher can replace, each found as a span of the text."""

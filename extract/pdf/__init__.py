"""Pages of a PDF: their characters, lines, tables and margins, and how far they can be trusted."""

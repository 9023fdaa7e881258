"""What the readers of office documents share: blocks of text, packages, rows and members."""

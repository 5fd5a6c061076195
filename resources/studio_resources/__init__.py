"""Icons, themes and sample projects shipped with the studio."""

"""A made-up proceeding, 示范: one folder, as a new one would stand in workflows. Nothing outside names it."""

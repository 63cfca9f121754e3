"""Base templates, components, styles, the home page, and what every page shares."""

"""Base templates, components, styles, and what every page shares."""

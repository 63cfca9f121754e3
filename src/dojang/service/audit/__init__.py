"""What happened to every document, in a chain that shows when something was changed or taken out."""

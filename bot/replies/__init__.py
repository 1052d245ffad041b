"""From a decision to what the driver sees: articles cut to what applies, templates in eleven languages."""

"""From pages, documents and exports of a help centre to drafts of articles that a person reviews."""

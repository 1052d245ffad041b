"""What an edit of the knowledge base changes in the answers to the question sets, before it goes live."""

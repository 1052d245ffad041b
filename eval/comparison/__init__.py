"""The product beside other ways to find the topic of a line: word search, vectors alone, and two known pipelines."""

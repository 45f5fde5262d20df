// Takes its first code in the next commits.

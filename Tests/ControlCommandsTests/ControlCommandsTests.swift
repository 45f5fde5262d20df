// Takes its first test in the next commits.

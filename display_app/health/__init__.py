"""How well each plugin behaves: the breaker for exceptions, strikes for crashes and limits, and the rows that remember both."""

"""The HTTP interface to the panel: validate, call one function, answer."""

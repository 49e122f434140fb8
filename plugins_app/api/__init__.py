"""The HTTP interface to plugins: validate, call one function, answer."""

"""Settings of plugins: defaults and validation from the schema, secrets, and the store that saves them."""

"""Words and colours that the templates of both apps use."""

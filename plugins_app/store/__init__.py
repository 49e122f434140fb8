"""What is on offer: registry sources, the HTTP client, refresh into rows, the catalogue; reading never waits for the network."""

"""From an address to a complete tree in the live place: fetch, unpack, requirements, probe, generations, locks. Pure."""

"""What plugins import besides the base class: text, scrolling, logging, pictures, data from the network. Pure."""

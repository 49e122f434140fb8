"""`runmatrix`: rows in, frames out. Joins rotation, hosting, frames and health; runs no plugin code and waits for nobody."""

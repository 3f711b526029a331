"""From recordings to a model file: the only corner that knows Lightning."""

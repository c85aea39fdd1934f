"""From the columns of a source to the properties of a layer, one module a kind."""

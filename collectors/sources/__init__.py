"""What the checks share that read other people's monitoring: controllers, clouds, servers."""

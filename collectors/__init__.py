"""The senses: ask the network, answer with an `Observation`. They know nothing of netmon."""

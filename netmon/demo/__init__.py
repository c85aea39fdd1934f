"""A simulated city network: every device is a real SNMP agent on loopback, and none is real."""

"""SNMP traps and informs: who called, and nothing of what they said."""

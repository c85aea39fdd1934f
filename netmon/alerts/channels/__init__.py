"""The ways out: Apprise for people, a signed webhook for other systems."""

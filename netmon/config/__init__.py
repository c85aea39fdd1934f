"""Where text from people becomes values: settings, inventory, calendar, secrets."""

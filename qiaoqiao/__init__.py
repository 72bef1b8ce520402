"""One window for overseas Chinese, returnees and their families: a request filed, routed, timed, answered, counted."""

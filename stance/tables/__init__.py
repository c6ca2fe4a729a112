"""Tables on disk: bounded strict readers and atomic writers."""

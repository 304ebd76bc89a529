"""The core of UsageFlow's SDK for Python."""

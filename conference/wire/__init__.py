"""RFC 6455 under uvicorn: frames, the protocol class, and the keeper of idle lines. Knows no rules."""

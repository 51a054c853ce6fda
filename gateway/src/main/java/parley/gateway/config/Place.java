package parley.gateway.config;

/// Line and column in the file, both from 1.
record Place(int line, int column) {}

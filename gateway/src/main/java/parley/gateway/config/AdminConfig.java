package parley.gateway.config;

import java.net.InetSocketAddress;

/// Where health and metrics are served. Port 0 lets the system choose.
public record AdminConfig(InetSocketAddress listen) {}

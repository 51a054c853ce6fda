package parley.gateway.config;

import java.net.InetSocketAddress;

/// Where a role serves HTTPS.
public record HttpsConfig(InetSocketAddress listen, TlsConfig tls) {}

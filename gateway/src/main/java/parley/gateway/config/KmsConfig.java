package parley.gateway.config;

import java.net.URI;

/// The key management server of this gateway.
public record KmsConfig(URI url) {}

package parley.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The PEM files of a TLS server.
///
/// @param certificate its own, followed by those of the authorities between it and the root
/// @param key PKCS #8, without a passphrase
/// @param clientCa the authorities whose certificates are believed of clients; null where clients
///   need none
public record TlsConfig(Path certificate, Path key, @Nullable Path clientCa) {}

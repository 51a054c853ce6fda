package parley.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The key management server, and what it knows us by: a ticket, a certificate with its key, a SIM,
/// or the transport keys that the vault holds already.
///
/// @param uri what the KMS calls itself
/// @param ca who signs its TLS certificate; null for the authorities of the JDK
/// @param ticket need not be there any more once it is used
/// @param allowsClear whether keys are taken that TLS alone protects
public record KmsConfig(
    URI url,
    String uri,
    @Nullable Path ca,
    @Nullable Path ticket,
    @Nullable Path certificate,
    @Nullable Path key,
    boolean allowsClear,
    @Nullable SimConfig sim) {}

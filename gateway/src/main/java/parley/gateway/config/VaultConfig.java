package parley.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the keys are, and what opens them: one of the two files, a token, or none of them, and a
/// person is asked for a passphrase.
public record VaultConfig(
    Path file,
    @Nullable Path passphraseFile,
    @Nullable Path keyFile,
    @Nullable VaultTokenConfig token) {}

package parley.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the keys are, and what opens them: one of the two files, or neither, and a person is
/// asked.
public record VaultConfig(Path file, @Nullable Path passphraseFile, @Nullable Path keyFile) {}

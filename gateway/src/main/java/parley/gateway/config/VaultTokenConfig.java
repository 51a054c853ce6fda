package parley.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The PKCS#11 token whose key opens a vault.
///
/// @param module the token's shared library
/// @param slot its index in the module's list of slots
/// @param pinFile null where a person is asked
public record VaultTokenConfig(Path module, int slot, @Nullable Path pinFile) {}

package parley.keys.vault;

import java.nio.file.Path;

/// Where a PKCS#11 token is and which of its keys is meant.
///
/// @param library the token's module, a shared library
/// @param slotIndex which of the slots that the module lists, from 0
/// @param keyLabel of the AES key; a vault that is opened names it itself
public record TokenSettings(Path library, int slotIndex, String keyLabel) {
  public static final String DEFAULT_KEY_LABEL = "parley";
}

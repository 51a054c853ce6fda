package parley.keys.gba.ue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import parley.keys.gba.aka.SqnMemory;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The memory of a USIM in the vault that holds its key: 32 x SEQ 8, one fsync each time. An older
/// copy of it is noticed when the vault is, as it is in the same file.
record VaultSqn(Vault vault, String impi) implements SqnMemory {
  static final String TYPE = "sim-sqn";

  private static final int INDS = 32;

  /// Of a SIM that has seen nothing; the caller closes it.
  static SecretBytes fresh() {
    return record(new long[INDS]);
  }

  private static SecretBytes record(long[] seqs) {
    byte[] octets = new byte[Long.BYTES * INDS];
    ByteBuffer.wrap(octets).asLongBuffer().put(seqs, 0, INDS);
    return SecretBytes.take(octets, "SQN of a SIM");
  }

  @Override
  public long[] load() throws IOException {
    Optional<SecretBytes> found = vault.read(TYPE, impi);
    if (found.isEmpty() || found.get().length() != Long.BYTES * INDS) {
      throw new IOException(
          "the vault has lost the sequence numbers of the SIM %s; restore a copy of the vault"
              .formatted(impi));
    }
    try (SecretBytes record = found.get()) {
      return record.lend(
          SecretAccess.token(),
          octets -> {
            long[] seqs = new long[INDS];
            ByteBuffer.wrap(octets).asLongBuffer().get(seqs);
            return seqs;
          });
    }
  }

  @Override
  public void store(long[] seqs) throws IOException {
    try (SecretBytes record = record(seqs)) {
      vault.put(TYPE, impi, record);
    } catch (VaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}

package parley.gateway.media;

import parley.srtp.CipherBatch;
import parley.srtp.CipherEngine;
import parley.srtp.EngineKey;
import parley.srtp.SrtpProfile;

/// An engine that finds every packet authentic and touches none: what is left is our own work.
final class NoCipher implements CipherEngine {
  private static final EngineKey KEY =
      new EngineKey() {
        @Override
        public long handle() {
          return 0;
        }

        @Override
        public void close() {}
      };

  @Override
  public String name() {
    return "none";
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    return KEY;
  }

  @Override
  public void seal(CipherBatch batch) {
    accept(batch);
  }

  @Override
  public void open(CipherBatch batch) {
    accept(batch);
  }

  private static void accept(CipherBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      batch.result(i, CipherBatch.OK);
    }
  }
}

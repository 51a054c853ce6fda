package parley.gateway.record;

import java.nio.file.Path;
import java.util.ArrayList;
import parley.gateway.record.TestTalk.Sealed;
import parley.keys.vault.Vault;

/// A finished recording for tests of other packages; its vault lies beside it, opened by the file
/// `key`.
public final class RecordedBurst {
  private RecordedBurst() {}

  /// A recording of so many packets of mu-law, 20 ms each.
  public static Path pcmu(Path directory, int packets) throws Exception {
    try (Vault vault = TestTalk.vault(directory)) {
      var talk = new TestTalk(vault.recordingKey(), 1);
      var sealed = new ArrayList<Sealed>();
      for (int i = 0; i < packets; i++) {
        sealed.add(talk.rtp(0, i, 0, i * 160, TestTalk.payload(i, 160), TestTalk.nanos(i * 20L)));
      }
      return talk.record(directory, PayloadTypes.defaults(), sealed);
    }
  }
}

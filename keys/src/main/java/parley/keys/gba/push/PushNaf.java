package parley.keys.gba.push;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnClient;
import parley.mikey.identity.Identity;

/// A server that calls UEs: gets a key from the BSF and sends the message that gives the UE the
/// same.
public final class PushNaf {
  private final NafId naf;
  private final ZnClient zn;
  private final PushTransport transport;
  private final Consumer<NafKey> association;

  /// @param naf this server and how the UE will use the key:
  ///   [parley.keys.gba.UaProtocol#HTTP_DIGEST] or [parley.keys.gba.UaProtocol#SHARED_KEY_TLS_13]
  /// @param association takes each key before its message leaves, and copies what it keeps; another
  ///   instance of this server asks the BSF for it when the UE comes
  public PushNaf(NafId naf, ZnClient zn, PushTransport transport, Consumer<NafKey> association) {
    this.naf = naf;
    this.zn = zn;
    this.transport = transport;
    this.association = association;
  }

  /// Calls the UE of this identity.
  ///
  /// @return the name under which it will come; empty when the home network does not know it
  /// @throws IOException if the BSF or the UE cannot be reached; one sentence
  public Optional<Tid> call(Identity ue) throws IOException {
    Optional<PushInfo> made = zn.push(ue, naf);
    if (made.isEmpty()) {
      return Optional.empty();
    }
    try (PushInfo push = made.get()) {
      association.accept(push.key());
      transport.send(ue, push.gpi());
      return Optional.of(push.key().tid());
    }
  }
}

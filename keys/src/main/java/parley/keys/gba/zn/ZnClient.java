package parley.keys.gba.zn;

import java.io.IOException;
import java.util.Optional;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.mikey.identity.Identity;

/// What a NAF may ask the BSF. Safe for use by many threads.
public interface ZnClient {
  /// The key of this name for this NAF_Id; the caller closes it. Empty when the BSF has none, or
  /// its lifetime is over.
  ///
  /// @throws IOException if the BSF cannot be asked or does not answer this NAF; one sentence
  Optional<NafKey> nafKey(Tid tid, NafId naf) throws IOException;

  /// A new key for the subscriber with this identity, and what to push to the UE; the caller closes
  /// it. Empty when there is no such subscriber.
  ///
  /// @throws IOException as [#nafKey]
  Optional<PushInfo> push(Identity user, NafId naf) throws IOException;
}

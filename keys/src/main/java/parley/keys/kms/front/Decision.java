package parley.keys.kms.front;

import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;

/// What the policy says to a wish for keys.
public sealed interface Decision {
  /// Keys of this identity, for these periods.
  ///
  /// @param device as the issuer is to call it, unique among all devices of the identity
  record Granted(Identity who, List<KeyPeriod> periods, String device) implements Decision {
    public Granted {
      periods = List.copyOf(periods);
    }
  }

  /// No keys.
  ///
  /// @param sentence what the client is told, which is known and has a right to know
  record Denied(Denial reason, String sentence) implements Decision {}
}

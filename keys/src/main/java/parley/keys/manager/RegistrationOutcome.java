package parley.keys.manager;

import java.net.InetSocketAddress;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.identity.Identity;

/// What became of a registration.
public sealed interface RegistrationOutcome {
  /// The member's address is on the disk, or gone from there.
  final class Followed implements RegistrationOutcome {
    private final Identity ue;
    private final RegistrationVerb verb;
    private final InetSocketAddress address;
    private final byte[] answer;
    private final boolean isNews;

    Followed(
        Identity ue,
        RegistrationVerb verb,
        InetSocketAddress address,
        byte[] answer,
        boolean isNews) {
      this.ue = ue;
      this.verb = verb;
      this.address = address;
      this.answer = answer;
      this.isNews = isNews;
    }

    public Identity ue() {
      return ue;
    }

    public RegistrationVerb verb() {
      return verb;
    }

    public InetSocketAddress address() {
      return address;
    }

    /// A complete MIKEY message, which goes back to where the registration came from; a copy.
    public byte[] answer() {
      return answer.clone();
    }

    /// Whether the UE was not known to be there before; false for one that says so again.
    public boolean isNews() {
      return isNews;
    }

    @Override
    public String toString() {
      return "Followed[" + verb + ", " + ue + " at " + address + "]";
    }
  }

  /// Nothing changed, and nothing is answered. `detail` is one sentence.
  record Refused(RegistrationRefusal reason, String detail) implements RegistrationOutcome {}
}

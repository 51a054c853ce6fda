package parley.mikey.group;

import java.util.ArrayList;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// [BridgeOrigin] on the wire, in [VendorFields]: 1 talker, 2 group, 3 CSB ID, 4 a gateway,
/// repeated in path order.
final class BridgeOriginExtension {
  private static final int TALKER = 1;
  private static final int GROUP = 2;
  private static final int CSB_ID = 3;
  private static final int GATEWAY = 4;

  private BridgeOriginExtension() {}

  static Payload.GeneralExtension write(BridgeOrigin origin) {
    var out =
        new VendorFields.Writer()
            .field(TALKER, origin.talker().octets())
            .field(GROUP, origin.group().octets())
            .field(CSB_ID, Octets.ofInt(origin.csbId()).bytes());
    origin.path().forEach(gateway -> out.field(GATEWAY, gateway.octets()));
    return out.extension();
  }

  /// The fields in the order in which they are written, and nothing else.
  static BridgeOrigin read(Payload.GeneralExtension extension, PayloadSequence at)
      throws MalformedMessage {
    var fields = new VendorFields(extension, at);
    Identity talker = at.identity(fields.next(TALKER), "origin talker");
    Identity group = at.identity(fields.next(GROUP), "origin group");
    Octets csbId = fields.next(CSB_ID);
    at.require(csbId.length() == Integer.BYTES, "origin CSB ID of " + csbId.length() + " octets");
    List<Identity> path = new ArrayList<>();
    do {
      path.add(at.identity(fields.next(GATEWAY), "gateway"));
    } while (fields.hasMore());
    return new BridgeOrigin(talker, group, csbId.intAt(0), path);
  }
}

package parley.keys.manager;

import parley.mikey.identity.Identity;

/// An I_MESSAGE and the UE it goes to. It is encrypted to that UE and signed: any way of transport
/// will do.
public final class GmkMessage {
  private final Identity ue;
  private final int gmkId;
  private final byte[] octets;

  GmkMessage(Identity ue, int gmkId, byte[] octets) {
    this.ue = ue;
    this.gmkId = gmkId;
    this.octets = octets.clone();
  }

  public Identity ue() {
    return ue;
  }

  /// Which GMK it brings.
  public int gmkId() {
    return gmkId;
  }

  /// The complete message; a copy.
  public byte[] octets() {
    return octets.clone();
  }

  @Override
  public String toString() {
    return "GmkMessage[to " + ue + ", " + octets.length + " octets]";
  }
}

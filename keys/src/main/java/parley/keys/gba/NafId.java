package parley.keys.gba;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// NAF_Id: for which server and for which use a key is (TS 33.220, 4.5.3).
public record NafId(Fqdn fqdn, UaProtocol ua) {
  /// The FQDN, then the five octets of the Ua security protocol identifier.
  public byte[] octets() {
    byte[] name = fqdn.name().getBytes(US_ASCII);
    return ByteBuffer.allocate(name.length + UaProtocol.OCTETS).put(name).put(ua.octets()).array();
  }

  @Override
  public String toString() {
    return fqdn + " " + ua;
  }
}

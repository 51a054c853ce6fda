package parley.mikey.message;

import parley.mikey.prf.MikeyPrf;

/// The common header HDR, without its next payload (RFC 3830, 6.1).
///
/// `verificationWanted` is the V bit, `csbId` 32 bits of the initiator's choice.
public record Header(
    DataType dataType, boolean verificationWanted, MikeyPrf prf, int csbId, CsIdMap map) {
  static final int VERSION = 1;
}

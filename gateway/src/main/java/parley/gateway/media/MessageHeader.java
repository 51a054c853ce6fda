package parley.gateway.media;

/// Where the fields of `mmsghdr` and `iovec` are (recvmmsg(2), 64-bit Linux).
///
/// ```
/// mmsghdr, 64 octets: name 8, its length 4 (+4), iovec 8, how many 8, control 8, its length 8,
///                     flags 4 (+4), octets received 4 (+4)
/// iovec,   16 octets: address 8, length 8
/// ```
final class MessageHeader {
  static final int MESSAGE_OCTETS = 64;
  static final int NAME = 0;
  static final int NAME_OCTETS = 8;
  static final int VECTOR = 16;
  static final int VECTORS = 24;
  static final int CONTROL = 32;
  static final int CONTROL_OCTETS = 40;
  static final int RECEIVED = 56;
  static final int VECTOR_OCTETS = 16;

  private MessageHeader() {}
}

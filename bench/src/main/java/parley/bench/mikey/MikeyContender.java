package parley.bench.mikey;

import java.util.List;

/// An implementation under the work of [MikeyBenchmark]; each call does the whole operation and
/// throws where its result is wrong.
interface MikeyContender {
  int MESSAGE_OCTETS = 400;
  int BATCH = 64;

  /// ECCSI over 400 octets.
  byte[] sign();

  /// A signature of a signer that was heard before.
  void verifyKnown();

  /// One of a signer that was not.
  void verifyNew();

  /// To identity number `i`, each of which comes once.
  byte[] encapsulate(int i);

  /// To the identity of the call before.
  byte[] encapsulateAgain();

  /// To [#BATCH] identities from number `i` on.
  List<byte[]> encapsulateBatch(int i);

  void decapsulate();

  /// A GSK announcement, from octets to the session key.
  void announcement();
}

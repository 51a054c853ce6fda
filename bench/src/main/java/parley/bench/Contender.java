package parley.bench;

/// One implementation of SRTP under the same work as all others: batches of 32 packets, of one
/// stream or of many with a key each, an MKI-less header of 12 octets, replay check on.
interface Contender extends AutoCloseable {
  int BATCH = 32;
  int HEADER_OCTETS = 12;

  /// Protects 32 packets, the next of their streams.
  void protect();

  /// Makes the packets that were sealed ahead new to their receivers, and goes back to the first of
  /// them; what that takes is not measured.
  void renew();

  /// Unprotects the next 32 packets that were sealed ahead; their receivers must not have seen
  /// them, see [#renew].
  ///
  /// @throws IllegalStateException where one of them does not pass
  void unprotect();

  /// Tries to unprotect the next 32 packets, one bit of each tag being wrong.
  ///
  /// The packets, and so the memory that is read, are those of [#unprotect]. The first call spoils
  /// them for good: this contender can unprotect no more.
  ///
  /// @throws IllegalStateException where one of them passes
  void refuseForged();

  @Override
  void close();

  /// An implementation by its name in the table.
  static Contender of(String implementation, Workload workload) {
    return switch (implementation) {
      case "jitsi-srtp" -> new JitsiContender(workload);
      case "SunJCE", "Conscrypt", "BC", "ACCP" ->
          new ProviderContender(Providers.named(implementation), workload);
      default -> new EngineContender(implementation, workload);
    };
  }
}

package parley.keys.kms.front;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.UserIdForm;

/// How a KMS's front end behaves.
///
/// @param bases the URLs that it is reached by, without a path: `https://kms.example.org`. The Host
///   header is nobody's
/// @param window how far a request's Time may be from our clock
/// @param ahead how long before a key period begins its keys are given
/// @param allowClear whether keys go to a client that has no TrK, protected by TLS alone
/// @param userIdForm how UserIDs are written
/// @param transportKeyAge after how long a client's TrK and InK are replaced
/// @param rates how many requests are heard
/// @param cacheNum rises with each change of `certificates`
/// @param certificates those of other KMSs that clients are told of; a successor's among them
public record KmsFrontSettings(
    Set<String> bases,
    Duration window,
    Duration ahead,
    boolean allowClear,
    UserIdForm userIdForm,
    Duration transportKeyAge,
    Rates rates,
    long cacheNum,
    List<CertificateEntry> certificates) {
  public KmsFrontSettings {
    bases = Set.copyOf(bases);
    certificates = List.copyOf(certificates);
  }

  /// How many requests are heard.
  ///
  /// @param addressBurst how many requests an address may make at once
  /// @param addressPerSecond how many it may make in the long run
  /// @param clientBurst the same for a client that is known
  /// @param clientPerSecond the same for a client that is known
  /// @param strangersPerSecond how many requests of clients that TLS and headers do not tell are
  ///   read for their signature, of all addresses together
  public record Rates(
      int addressBurst,
      double addressPerSecond,
      int clientBurst,
      double clientPerSecond,
      double strangersPerSecond) {}

  /// The defaults for a KMS that is reached by this URL.
  public static KmsFrontSettings of(String base) {
    return new KmsFrontSettings(
        Set.of(base),
        Duration.ofSeconds(60),
        Duration.ofDays(7),
        false,
        UserIdForm.HEX,
        Duration.ofDays(180),
        new Rates(40, 10, 10, 0.5, 500),
        1,
        List.of());
  }

  /// The same, with keys in the clear inside TLS for clients that have no TrK.
  public KmsFrontSettings allowingClear() {
    return with(bases, true, rates, cacheNum, certificates);
  }

  /// The same, telling clients of these certificates too.
  public KmsFrontSettings vouchingFor(long newCacheNum, List<CertificateEntry> others) {
    return with(bases, allowClear, rates, newCacheNum, others);
  }

  /// The same, hearing so many requests.
  public KmsFrontSettings limiting(Rates newRates) {
    return with(bases, allowClear, newRates, cacheNum, certificates);
  }

  /// The same for a KMS that is reached by these URLs.
  public KmsFrontSettings reachedBy(Set<String> newBases) {
    return with(newBases, allowClear, rates, cacheNum, certificates);
  }

  private KmsFrontSettings with(
      Set<String> newBases,
      boolean nowClear,
      Rates newRates,
      long newCacheNum,
      List<CertificateEntry> others) {
    return new KmsFrontSettings(
        newBases,
        window,
        ahead,
        nowClear,
        userIdForm,
        transportKeyAge,
        newRates,
        newCacheNum,
        others);
  }
}

package parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the rows of one run say about the goals: how many times as fast as jitsi-srtp the kernel
/// shall be, what other keys and longer keys may cost it, and what a forged packet costs any of our
/// engines. Only ratios of one run count, so what did not run is not judged, nor is a ratio of rows
/// that swing: on a busy machine the slower implementation loses more, and all goals look reached.
record SrtpGoals(List<SrtpRow> rows) {
  static final String PROTECT = "protect";
  static final String UNPROTECT = "unprotect";
  static final String FORGED = "forged";

  private static final String GCM_128 = "AEAD_AES_128_GCM";
  private static final String GCM_256 = "AEAD_AES_256_GCM";
  private static final String CM_128 = "AES_CM_128_HMAC_SHA1_80";
  private static final List<String> ENGINES = List.of(SrtpReport.OURS, "openssl", "jce");

  /// Of 1024 streams, a key each, to one.
  private static final double MANY_STREAMS_AT_MOST = 1.15;

  /// Of GCM with 256-bit keys to 128-bit keys, at 160 octets.
  private static final double LONG_KEY_AT_MOST = 1.3;

  private static final int LONG_KEY_PAYLOAD = 160;

  /// The most that either row of a ratio may swing, in percent.
  private static final double STEADY_PERCENT = 20;

  /// How many times as fast as jitsi-srtp.
  private record Cell(String profile, int payload, double atLeast) {}

  private static final List<Cell> CELLS =
      List.of(
          new Cell(GCM_128, 20, 10),
          new Cell(GCM_128, 160, 7),
          new Cell(GCM_128, 1000, 3.3),
          new Cell(CM_128, 20, 8),
          new Cell(CM_128, 160, 6.5),
          new Cell(CM_128, 1000, 2.8));

  SrtpGoals {
    rows = List.copyOf(rows);
  }

  /// One sentence for each ratio that the rows allow, in the order of the rows.
  List<String> sentences() {
    List<String> all = new ArrayList<>();
    for (SrtpRow row : rows) {
      if (row.isOfKernel() && !row.operation().equals(FORGED)) {
        vsPeer(row, all);
      }
    }
    for (SrtpRow row : rows) {
      if (row.isOfKernel()) {
        manyStreams(row, all);
      }
    }
    for (SrtpRow row : rows) {
      if (row.isOfKernel() && row.payload() == LONG_KEY_PAYLOAD) {
        longKey(row, all);
      }
    }
    for (SrtpRow row : rows) {
      if (isOurs(row) && row.operation().equals(FORGED)) {
        forged(row, all);
      }
    }
    return all;
  }

  private static boolean isOurs(SrtpRow row) {
    return ENGINES.stream().anyMatch(engine -> row.implementation().startsWith(engine));
  }

  private void vsPeer(SrtpRow row, List<String> all) {
    SrtpRow peer =
        find(SrtpReport.PEER, row.profile(), row.payload(), row.streams(), row.operation());
    for (Cell cell : CELLS) {
      if (peer != null && cell.profile.equals(row.profile()) && cell.payload == row.payload()) {
        double ratio = peer.nsPerPacket() / row.nsPerPacket();
        all.add(
            String.format(
                Locale.ROOT,
                "%s: %.1f times as fast as %s, goal at least %s: %s",
                row.work(),
                ratio,
                SrtpReport.PEER,
                cell.atLeast,
                verdict(ratio >= cell.atLeast, row, peer)));
      }
    }
  }

  private void manyStreams(SrtpRow row, List<String> all) {
    SrtpRow one = find(row.implementation(), row.profile(), row.payload(), 1, row.operation());
    if (one != null && row.streams() > 1) {
      atMost(row, one, "for one stream", MANY_STREAMS_AT_MOST, all);
    }
  }

  private void longKey(SrtpRow row, List<String> all) {
    SrtpRow shorter =
        find(row.implementation(), GCM_128, row.payload(), row.streams(), row.operation());
    if (shorter != null && row.profile().equals(GCM_256)) {
      atMost(row, shorter, "with a 128-bit key", LONG_KEY_AT_MOST, all);
    }
  }

  private static void atMost(
      SrtpRow row, SrtpRow base, String circumstance, double most, List<String> all) {
    double ratio = row.nsPerPacket() / base.nsPerPacket();
    all.add(
        String.format(
            Locale.ROOT,
            "%s: %.2f of the time %s, goal at most %s: %s",
            row.work(),
            ratio,
            circumstance,
            most,
            verdict(ratio <= most, row, base)));
  }

  private void forged(SrtpRow row, List<String> all) {
    SrtpRow good =
        find(row.implementation(), row.profile(), row.payload(), row.streams(), UNPROTECT);
    if (good != null) {
      all.add(
          String.format(
              Locale.ROOT,
              "%s: a forged packet costs %.2f of a good one and %s octets of garbage%s",
              row.work(),
              row.nsPerPacket() / good.nsPerPacket(),
              row.allocated(),
              swing(row, good) > STEADY_PERCENT ? ", " + unclear(row, good) : ""));
    }
  }

  private @Nullable SrtpRow find(
      String implementation, String profile, int payload, int streams, String operation) {
    return rows.stream()
        .filter(row ->
            row.implementation().equals(implementation)
                && row.profile().equals(profile)
                && row.payload() == payload
                && row.streams() == streams
                && row.operation().equals(operation))
        .findFirst()
        .orElse(null);
  }

  private static String verdict(boolean reached, SrtpRow one, SrtpRow other) {
    if (swing(one, other) > STEADY_PERCENT) {
      return unclear(one, other);
    }
    return reached ? "reached" : "MISSED";
  }

  private static String unclear(SrtpRow one, SrtpRow other) {
    return String.format(Locale.ROOT, "UNCLEAR, times swing by %.0f %%", swing(one, other));
  }

  private static double swing(SrtpRow one, SrtpRow other) {
    return Math.max(one.spreadPercent(), other.spreadPercent());
  }
}

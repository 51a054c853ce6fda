package parley.mikey.message;

import java.util.List;

/// Which crypto sessions a message is about (RFC 3830, 6.1.1; RFC 4563, 5; RFC 6043, 6.1.1).
public sealed interface CsIdMap {

  /// #CS: how many crypto sessions the header announces, at most 32 here.
  int sessions();

  /// Type 0. The CS ID of an entry is its place, counted from 1.
  record SrtpId(List<SrtpIdEntry> entries) implements CsIdMap {
    public SrtpId {
      entries = List.copyOf(entries);
    }

    @Override
    public int sessions() {
      return entries.size();
    }
  }

  /// Type 1. No information; the number of sessions may still be named.
  record Empty(int sessions) implements CsIdMap {}

  /// Type 2. Each entry carries its own CS ID; no two are equal.
  record GenericId(List<GenericIdEntry> entries) implements CsIdMap {
    public GenericId {
      entries = List.copyOf(entries);
    }

    @Override
    public int sessions() {
      return entries.size();
    }
  }

  /// Policy number in 0..255, SSRC and rollover counter as 32 bits each.
  record SrtpIdEntry(int policyNumber, int ssrc, int roc) {}

  /// `hasIndex` is the S bit: under SRTP, `data` is SSRC, ROC and SEQ (10 octets) with it, else the
  /// SSRC (4) or nothing. `spi` is the MKI in use at first.
  record GenericIdEntry(
      int csId,
      int protocol,
      boolean hasIndex,
      List<Integer> policyNumbers,
      Octets data,
      Octets spi) {
    public static final int SRTP = 0;

    public GenericIdEntry {
      policyNumbers = List.copyOf(policyNumbers);
    }
  }

  /// The number that stands for this form in the header.
  default int type() {
    return switch (this) {
      case SrtpId _ -> 0;
      case Empty _ -> 1;
      case GenericId _ -> 2;
    };
  }
}

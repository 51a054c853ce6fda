package parley.gateway.record;

/// What an export counted while it placed packets.
final class ExportTally {
  long missing;
  long duplicates;
  long unreadable;
  long overlapping;
  long unsupported;
  long timestampJumps;
}

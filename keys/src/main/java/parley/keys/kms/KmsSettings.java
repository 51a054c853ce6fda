package parley.keys.kms;

import parley.mikey.identity.UserIdFormat;

/// How a KMS names itself, forms identifiers and counts key periods. Fixed for its life: every
/// identifier depends on them.
///
/// `periodSeconds` and `offsetSeconds` (from 1900-01-01) are those of TS 33.180; with
/// [UserIdFormat#RFC_6509] the period is the calendar month in UTC and both are 0.
public record KmsSettings(
    String kmsUri, UserIdFormat userIdFormat, long periodSeconds, long offsetSeconds) {

  /// Identifiers by RFC 6509, keys by the month.
  public static KmsSettings monthly(String kmsUri) {
    return new KmsSettings(kmsUri, UserIdFormat.RFC_6509, 0, 0);
  }

  /// Identifiers by TS 33.180, keys for `periodSeconds` each, counted from 1900.
  public static KmsSettings hashed(String kmsUri, long periodSeconds) {
    return new KmsSettings(kmsUri, UserIdFormat.TS_33180, periodSeconds, 0);
  }
}

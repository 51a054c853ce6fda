package parley.keys.member;

import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A GMK as part of a vault record; the group is known from the record's name.
public final class GmkRecord {
  private GmkRecord() {}

  public static void write(RecordWriter out, GroupMasterKey gmk) {
    out.integer(gmk.gmkId())
        .secret(gmk.key())
        .number(gmk.issued().bits())
        .instant(gmk.activation())
        .instant(gmk.expiry())
        .flag(gmk.isRevoked());
  }

  /// A key of its own, which the caller closes.
  public static GroupMasterKey read(Identity group, RecordReader in) {
    int gmkId = in.integer();
    return GroupMasterKey.of(
        group,
        gmkId,
        in.secret("GMK"),
        new NtpTimestamp(in.number()),
        in.instant(),
        in.instant(),
        in.flag());
  }
}

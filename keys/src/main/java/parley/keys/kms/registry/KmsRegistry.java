package parley.keys.kms.registry;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import parley.keys.store.Database;
import parley.keys.store.Migration;
import parley.mikey.secret.SecretBytes;

/// The tables of a KMS's front end. Safe for use by many threads and several front ends at once.
///
/// Whoever steals them learns who belongs to what. Transport and pre-shared keys among them are
/// sealed under a key that is not; enrolment tickets are there as hashes.
public final class KmsRegistry {
  /// The tables, for [Database]; a step that was released is never altered.
  public static final List<Migration> MIGRATIONS =
      List.of(
          Migration.of(
              1,
              "CREATE TABLE kms_user (identity TEXT PRIMARY KEY, home_kms TEXT, revoked TEXT)",
              "CREATE TABLE kms_name (way TEXT NOT NULL, name TEXT NOT NULL, identity TEXT NOT NULL"
                  + " REFERENCES kms_user (identity), PRIMARY KEY (way, name))",
              "CREATE TABLE kms_device (identity TEXT NOT NULL REFERENCES kms_user (identity),"
                  + " device TEXT NOT NULL, PRIMARY KEY (identity, device))",
              "CREATE TABLE kms_group (uri TEXT PRIMARY KEY, signer TEXT NOT NULL,"
                  + " address TEXT NOT NULL, kms TEXT NOT NULL)",
              "CREATE TABLE kms_group_manager (uri TEXT NOT NULL REFERENCES kms_group (uri),"
                  + " identity TEXT NOT NULL REFERENCES kms_user (identity),"
                  + " PRIMARY KEY (uri, identity))",
              "CREATE TABLE kms_group_member (uri TEXT NOT NULL REFERENCES kms_group (uri),"
                  + " identity TEXT NOT NULL, PRIMARY KEY (uri, identity))",
              "CREATE INDEX kms_group_member_identity ON kms_group_member (identity)",
              "CREATE TABLE kms_ticket (hash BYTEA PRIMARY KEY, identity TEXT NOT NULL"
                  + " REFERENCES kms_user (identity), device TEXT NOT NULL,"
                  + " expires BIGINT NOT NULL, used BOOLEAN NOT NULL, sealed BYTEA NOT NULL)",
              "CREATE TABLE kms_transport (ink TEXT PRIMARY KEY, trk TEXT NOT NULL UNIQUE,"
                  + " identity TEXT NOT NULL REFERENCES kms_user (identity), device TEXT NOT NULL,"
                  + " made BIGINT NOT NULL, sealed BYTEA NOT NULL)",
              "CREATE INDEX kms_transport_device ON kms_transport (identity, device)",
              "CREATE TABLE kms_pending (identity TEXT NOT NULL, uri TEXT NOT NULL,"
                  + " expires BIGINT NOT NULL, octets BYTEA NOT NULL,"
                  + " PRIMARY KEY (identity, uri))"),
          Migration.of(2, "CREATE TABLE kms_psk (name TEXT PRIMARY KEY, sealed BYTEA NOT NULL)"),
          Migration.of(
              3, "DELETE FROM kms_pending", "ALTER TABLE kms_pending ADD COLUMN t BIGINT"));

  private final KmsUsers users;
  private final KmsGroups groups;
  private final EnrolmentTickets tickets;
  private final TransportKeyShelf transportKeys;
  private final PresharedKeys presharedKeys;
  private final PendingGmks pending;

  /// On `database`, which was opened with [#MIGRATIONS] and stays the caller's.
  ///
  /// @param sealing 32 octets that those keys are sealed under; stays the caller's, and open
  public KmsRegistry(
      Database database, SecretBytes sealing, InstantSource clock, SecureRandom random) {
    users = new KmsUsers(database);
    groups = new KmsGroups(database);
    var sealingKey = new SealingKey(sealing, random);
    transportKeys = new TransportKeyShelf(database, sealingKey, clock, random);
    presharedKeys = new PresharedKeys(database, sealingKey, random);
    tickets = new EnrolmentTickets(database, transportKeys, clock, random);
    pending = new PendingGmks(database, clock);
  }

  public KmsUsers users() {
    return users;
  }

  public KmsGroups groups() {
    return groups;
  }

  public EnrolmentTickets tickets() {
    return tickets;
  }

  public TransportKeyShelf transportKeys() {
    return transportKeys;
  }

  public PresharedKeys presharedKeys() {
    return presharedKeys;
  }

  public PendingGmks pending() {
    return pending;
  }
}

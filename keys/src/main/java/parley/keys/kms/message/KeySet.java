package parley.keys.kms.message;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.MemberKeys;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The keys of one user for one key period (TS 33.180, D.3.3.2): RSK, SSK and PVT in the standard's
/// words UserDecryptKey, UserSigningKeySSK and UserPubTokenPVT. Closes its keys.
public final class KeySet implements AutoCloseable {
  private static final String NAME = "KmsKeySet";
  private static final int RSK_OCTETS = 257;
  private static final int SSK_OCTETS = 32;
  private static final int PVT_OCTETS = 65;

  /// Who, where and when: everything but keys.
  record Head(
      String kmsUri,
      String userUri,
      String userId,
      @Nullable Instant validFrom,
      @Nullable Instant validTo,
      long keyPeriodNo,
      boolean isRevoked) {}

  private final Head head;
  private final KeyContent rsk;
  private final KeyContent ssk;
  private final KeyContent pvt;

  private KeySet(Head head, KeyContent rsk, KeyContent ssk, KeyContent pvt) {
    this.head = head;
    this.rsk = rsk;
    this.ssk = ssk;
    this.pvt = pvt;
  }

  /// `keys` under the client's TrK; `keys` and `under` stay the caller's.
  public static KeySet wrapped(
      KmsCertificate kms, MemberKeys keys, TransportKeys under, UserIdForm form) {
    try (SecretBytes pvt = SecretBytes.copyOf(keys.pvt(), "PVT")) {
      return new KeySet(
          head(kms, keys, form), under.wrap(keys.rsk()), under.wrap(keys.ssk()), under.wrap(pvt));
    }
  }

  /// `keys` as they are: TLS alone protects them. `keys` stay the caller's.
  public static KeySet unsafeClear(KmsCertificate kms, MemberKeys keys, UserIdForm form) {
    return new KeySet(
        head(kms, keys, form),
        new ClearKey(keys.rsk().duplicate()),
        new ClearKey(keys.ssk().duplicate()),
        new ClearKey(SecretBytes.copyOf(keys.pvt(), "PVT")));
  }

  private static Head head(KmsCertificate kms, MemberKeys keys, UserIdForm form) {
    KeyPeriod period = keys.period();
    return new Head(
        kms.kmsUri(),
        keys.identity().uri(),
        form.write(kms.identifier(keys.identity(), period)),
        period.from(),
        period.until(),
        period.number(),
        false);
  }

  public String kmsUri() {
    return head.kmsUri();
  }

  public String userUri() {
    return head.userUri();
  }

  public long keyPeriodNo() {
    return head.keyPeriodNo();
  }

  /// Whether these keys are withdrawn, not given.
  public boolean isRevoked() {
    return head.isRevoked();
  }

  /// Whether a key of it is not wrapped.
  public boolean isClear() {
    return rsk instanceof ClearKey || ssk instanceof ClearKey;
  }

  /// Whether its UserID is this identifier, in either way to write it.
  public boolean isFor(byte[] identifier) {
    return UserIdForm.isWritten(head.userId(), identifier);
  }

  /// Whether its number and, where it says them, its times are those of `period`.
  public boolean isOf(KeyPeriod period) {
    return head.keyPeriodNo() == period.number()
        && (head.validFrom() == null || head.validFrom().equals(period.from()))
        && (head.validTo() == null || head.validTo().equals(period.until()));
  }

  /// The keys, unwrapped and not verified; the caller closes them.
  public MemberKeys open(Identity who, KeyPeriod period, String device, TransportKeys under)
      throws WrongTransportKey {
    SecretBytes openedRsk = open(rsk, under, RSK_OCTETS, "RSK");
    SecretBytes openedSsk = null;
    try (SecretBytes openedPvt = open(pvt, under, PVT_OCTETS, "PVT")) {
      openedSsk = open(ssk, under, SSK_OCTETS, "SSK");
      byte[] token = openedPvt.lend(SecretAccess.token(), byte[]::clone);
      return MemberKeys.of(who, period, device, openedRsk, openedSsk, token);
    } finally {
      if (openedSsk == null) {
        openedRsk.close();
      }
    }
  }

  /// The same for keys that TLS alone protected ([#isClear]); the caller closes them.
  public MemberKeys openClear(Identity who, KeyPeriod period, String device)
      throws WrongTransportKey {
    if (rsk instanceof ClearKey clearRsk
        && ssk instanceof ClearKey clearSsk
        && pvt instanceof ClearKey clearPvt) {
      byte[] token = clearPvt.key().lend(SecretAccess.token(), byte[]::clone);
      return MemberKeys.of(
          who, period, device, clearRsk.key().duplicate(), clearSsk.key().duplicate(), token);
    }
    throw new WrongTransportKey("some keys of a set are wrapped and others are not");
  }

  private static SecretBytes open(KeyContent key, TransportKeys under, int octets, String label)
      throws WrongTransportKey {
    SecretBytes opened = key.open(under, label);
    if (opened.length() != octets) {
      opened.close();
      throw new WrongTransportKey(label + " has not " + octets + " octets");
    }
    return opened;
  }

  static boolean isNext(XmlCursor in) throws MalformedKmsMessage {
    return in.isAt(Names.KMS, NAME);
  }

  static KeySet read(XmlCursor in) throws MalformedKmsMessage {
    in.reading(Names.KEY_SET_CLAUSE);
    Fields fields = new Fields(in);
    in.enter(Names.KMS, NAME);
    fields.version(Names.KEY_SET_VERSION);
    in.noMoreAttributes();
    String kmsUri = fields.uri("KmsUri");
    var _ = fields.optionalUri("CertUri");
    var _ = fields.optionalText("Issuer");
    Head head =
        new Head(
            kmsUri,
            fields.uri("UserUri"),
            in.text(Names.KMS, "UserID", Fields.MOST_TEXT),
            fields.optionalTime("ValidFrom"),
            fields.optionalTime("ValidTo"),
            fields.number("KeyPeriodNo"),
            fields.flag("Revoked"));
    KeyContent rsk = readKey(in, "UserDecryptKey", RSK_OCTETS);
    KeyContent ssk = readKey(in, "UserSigningKeySSK", SSK_OCTETS);
    KeyContent pvt = readKey(in, "UserPubTokenPVT", PVT_OCTETS);
    in.reading(Names.KEY_SET_CLAUSE);
    in.skipForeign(Set.of(Names.KMS));
    in.leave();
    return new KeySet(head, rsk, ssk, pvt);
  }

  private static KeyContent readKey(XmlCursor in, String name, int octets)
      throws MalformedKmsMessage {
    in.enter(Names.KMS, name);
    String type = in.attribute("xsi:type");
    in.noMoreAttributes();
    String local = type == null ? "" : type.substring(type.indexOf(':') + 1);
    return switch (local) {
      case "EncKeyContentType" -> readWrapped(in);
      case "KeyContentType" -> readClear(in, name, octets);
      default -> throw in.refused("<" + name + "> is neither KeyContentType nor EncKeyContentType");
    };
  }

  private static KeyContent readWrapped(XmlCursor in) throws MalformedKmsMessage {
    KeyContent wrapped = WrappedKey.read(in);
    in.reading(Names.KEY_SET_CLAUSE);
    in.leave();
    return wrapped;
  }

  private static KeyContent readClear(XmlCursor in, String name, int octets)
      throws MalformedKmsMessage {
    byte[] clear = new Fields(in).hex(in.restAsText(2 * octets), name, octets);
    return new ClearKey(in.keep(SecretBytes.take(clear, name)));
  }

  void write(XmlWriter out) {
    out.open(Names.KMS, NAME, "Version", Names.KEY_SET_VERSION)
        .element(Names.KMS, "KmsUri", head.kmsUri())
        .element(Names.KMS, "UserUri", head.userUri())
        .element(Names.KMS, "UserID", head.userId())
        .optional(Names.KMS, "ValidFrom", head.validFrom())
        .optional(Names.KMS, "ValidTo", head.validTo())
        .element(Names.KMS, "KeyPeriodNo", head.keyPeriodNo())
        .optional(Names.KMS, "Revoked", head.isRevoked() ? "true" : null);
    writeKey(out, "UserDecryptKey", rsk);
    writeKey(out, "UserSigningKeySSK", ssk);
    writeKey(out, "UserPubTokenPVT", pvt);
    out.close(NAME);
  }

  static void writeKey(XmlWriter out, String name, KeyContent key) {
    switch (key) {
      case ClearKey clear -> {
        out.openTyped(Names.KMS, name, "KeyContentType");
        clear.key().lendTo(SecretAccess.token(), out::hex);
      }
      case WrappedKey wrapped -> {
        out.openTyped(Names.KMS, name, "EncKeyContentType");
        wrapped.write(out);
      }
    }
    out.close(name);
  }

  @Override
  public void close() {
    rsk.close();
    ssk.close();
    pvt.close();
  }

  @Override
  public String toString() {
    return "KeySet[%s, period %d]".formatted(head.userUri(), head.keyPeriodNo());
  }
}

package parley.keys.kms.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A message as it came: its content, and the signature beside it if there is one.
///
/// `<SignedKmsResponse> <KmsResponse Id="..."> <ds:Signature>`, or the inner element alone.
final class Envelope<T> {
  /// Reads what is in the element, and passes its end.
  @FunctionalInterface
  interface Content<T> {
    T read(XmlCursor in) throws MalformedKmsMessage;
  }

  private final T content;
  private final byte[] canonical;
  private final String id;
  private final @Nullable XmlSignature signature;

  private Envelope(T content, byte[] canonical, String id, @Nullable XmlSignature signature) {
    this.content = content;
    this.canonical = canonical;
    this.id = id;
    this.signature = signature;
  }

  static <T> Envelope<T> read(byte[] octets, String name, String clause, Content<T> reader)
      throws MalformedKmsMessage {
    XmlCursor in = XmlCursor.open(octets, clause);
    boolean isRead = false;
    try {
      Envelope<T> read =
          in.isAt(Names.KMS, "Signed" + name)
              ? readSigned(in, name, reader)
              : readUnsigned(in, name, reader);
      in.end();
      isRead = true;
      return read;
    } finally {
      if (!isRead) {
        in.closeSecrets();
      }
    }
  }

  private static <T> Envelope<T> readUnsigned(XmlCursor in, String name, Content<T> reader)
      throws MalformedKmsMessage {
    in.enter(Names.KMS, name);
    var _ = in.attribute("Id"); // of use to a signature alone
    return new Envelope<>(reader.read(in), new byte[0], "", null);
  }

  private static <T> Envelope<T> readSigned(XmlCursor in, String name, Content<T> reader)
      throws MalformedKmsMessage {
    in.enter(Names.KMS, "Signed" + name);
    in.noMoreAttributes();
    CanonicalForm form = in.record();
    in.enter(Names.KMS, name);
    String id = in.attribute("Id");
    if (id == null || id.isEmpty()) {
      throw in.refused("<" + name + "> is signed and has no Id");
    }
    T content = reader.read(in);
    in.stopRecording();
    XmlSignature signature = XmlSignature.read(in);
    in.leave();
    return new Envelope<>(content, form.octets(), id, signature);
  }

  /// The id of the key that it claims to be signed with; null where it is not signed.
  @Nullable String signedUnder() {
    return signature == null ? null : signature.keyName();
  }

  T unverified() {
    return content;
  }

  T verified(TransportKeys keys) throws WrongTransportKey {
    if (signature == null) {
      throw new WrongTransportKey("the message is not signed");
    }
    signature.require(canonical, id, keys);
    return content;
  }

  /// The signed form of `canonical`, which is the element `name` with this Id.
  static byte[] sign(byte[] canonical, String name, String id, TransportKeys keys) {
    try (XmlWriter out = new XmlWriter()) {
      out.open(Names.KMS, "Signed" + name).canonical(canonical);
      XmlSignature.write(out, canonical, id, keys);
      return out.close("Signed" + name).octets();
    } finally {
      Arrays.fill(canonical, (byte) 0);
    }
  }
}

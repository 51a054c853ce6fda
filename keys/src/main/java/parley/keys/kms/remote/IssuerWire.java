package parley.keys.kms.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import parley.mikey.identity.Identity;

/// What the frames of the issuer's socket hold.
///
/// ```
/// question: version 1 | verb 1 (1 certificate, 2 issue)
///   issue:  ... | period number 8 | length 2, identity | length 2, device
/// answer:   status 1 | certificate, keys (MemberKeys) or a sentence
/// ```
///
/// Anything else is [Question.Odd], and has one answer.
final class IssuerWire {
  static final byte VERSION = 1;
  static final byte CERTIFICATE = 1;
  static final byte ISSUE = 2;

  static final byte GIVEN = 0;
  static final byte REFUSED = 1;
  static final byte ODD = 2;

  /// What a front end asks.
  sealed interface Question {
    record Certificate() implements Question {}

    record Issue(Identity who, long period, String device) implements Question {}

    record Odd() implements Question {}
  }

  private IssuerWire() {}

  static byte[] certificate() {
    return new byte[] {VERSION, CERTIFICATE};
  }

  static byte[] issue(Identity who, long period, String device) {
    byte[] uri = who.octets();
    byte[] name = device.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + Long.BYTES + 2 * Short.BYTES + uri.length + name.length)
        .put(VERSION)
        .put(ISSUE)
        .putLong(period)
        .putShort((short) uri.length)
        .put(uri)
        .putShort((short) name.length)
        .put(name)
        .array();
  }

  static Question read(byte[] frame) {
    try {
      ByteBuffer in = ByteBuffer.wrap(frame);
      if (in.get() != VERSION) {
        return new Question.Odd();
      }
      Question read =
          switch (in.get()) {
            case CERTIFICATE -> new Question.Certificate();
            case ISSUE -> issue(in.getLong(), text(in), text(in));
            default -> new Question.Odd();
          };
      return in.hasRemaining() ? new Question.Odd() : read;
    } catch (BufferUnderflowException | CharacterCodingException | IllegalArgumentException _) {
      return new Question.Odd();
    }
  }

  private static Question issue(long period, String who, String device) {
    return new Question.Issue(new Identity(who), period, device);
  }

  private static String text(ByteBuffer in) throws CharacterCodingException {
    int length = in.getShort();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer text = in.slice(in.position(), length);
    in.position(in.position() + length);
    return UTF_8.newDecoder().decode(text).toString();
  }

  static byte[] answer(byte status, byte[] octets) {
    return ByteBuffer.allocate(1 + octets.length).put(status).put(octets).array();
  }
}

package parley.gateway.ue;

/// A speech file that cannot be sent; the message is one sentence for the user: file, reason,
/// remedy.
public final class SpeechFileException extends Exception {
  SpeechFileException(String message) {
    super(message);
  }

  SpeechFileException(String message, Throwable cause) {
    super(message, cause);
  }
}

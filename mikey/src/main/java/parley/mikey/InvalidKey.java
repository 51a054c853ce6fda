package parley.mikey;

/// A key that fails its check: not what its KMS issued for this identity. The message is one
/// sentence that says which key and which check, and never shows key octets.
public class InvalidKey extends Exception {
  public InvalidKey(String message) {
    super(message);
  }
}

package parley.mikey.secret;

/// The argument that opens a [SecretBytes]: worth nothing by itself, but every reader has to name
/// it.
///
/// An architecture test lists the packages that may call [#token()].
public final class SecretAccess {
  private static final SecretAccess TOKEN = new SecretAccess();

  private SecretAccess() {}

  public static SecretAccess token() {
    return TOKEN;
  }
}

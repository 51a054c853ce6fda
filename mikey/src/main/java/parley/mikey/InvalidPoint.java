package parley.mikey;

/// Octets that are no usable point: wrong length or prefix, a coordinate not below p, not on the
/// curve, or outside the subgroup.
public final class InvalidPoint extends InvalidKey {
  public InvalidPoint(String message) {
    super(message);
  }
}

package parley.mikey.message;

/// A name that stands on the wire as a number.
interface Coded {
  int code();
}

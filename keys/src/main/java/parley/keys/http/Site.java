package parley.keys.http;

/// What a server says to each request.
///
/// Called on a virtual thread of its own, so it may wait for a disk or another server; many at
/// once. What it throws is logged and answered by 500 without a word of why.
@FunctionalInterface
public interface Site {
  Reply answer(Request request) throws Exception;
}

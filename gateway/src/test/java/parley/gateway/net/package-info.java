/// Networks for tests: [Netns] is a network of its own inside this host, [ImpairedWire] a cable
/// between two of them that loses, doubles, delays and reorders what it is told to and keeps
/// account.
///
/// They need root and Linux; where either is missing the test is skipped with a line that says so,
/// and fails where `CI` is true.
@NullMarked
package parley.gateway.net;

import org.jspecify.annotations.NullMarked;

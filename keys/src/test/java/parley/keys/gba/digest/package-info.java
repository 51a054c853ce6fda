/// Tests of HTTP Digest: the RFCs' examples, curl, and hostile headers.
@NullMarked
package parley.keys.gba.digest;

import org.jspecify.annotations.NullMarked;

/// The HTTPS server under KMS, BSF and group manager: bounded, strict, and the same for all.
///
/// 1. [parley.keys.http.Request] a whole request, with what TLS knows of its peer
/// 2. [parley.keys.http.Site] answers it, on a virtual thread
/// 3. [parley.keys.http.Reply] what goes back
@NullMarked
package parley.keys.http;

import org.jspecify.annotations.NullMarked;

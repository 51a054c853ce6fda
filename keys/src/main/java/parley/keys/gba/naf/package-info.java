/// A server that takes bootstrapped keys: who is at the other end, by the word of the home network.
///
/// 1. [parley.keys.gba.naf.NafAuthenticator] each request: HTTP Digest inside TLS, or TLS with a
///    pre-shared key
/// 2. [parley.keys.gba.naf.ServerNonces] nonces that nothing is kept of until they are used
/// 3. [parley.keys.gba.naf.NafKeys] Ks_NAF by its name, kept until its lifetime ends;
///    [parley.keys.gba.naf.PskIdentity] how TLS calls it
/// 4. [parley.keys.gba.naf.NafOutcome] a challenge, or a known subscriber
///
/// This server's name comes from its configuration, never from a request.
@NullMarked
package parley.keys.gba.naf;

import org.jspecify.annotations.NullMarked;

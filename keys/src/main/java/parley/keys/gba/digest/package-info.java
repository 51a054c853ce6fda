/// HTTP Digest (RFC 7616, before that RFC 2617) and its form with AKA (RFC 3310).
///
/// 1. [parley.keys.gba.digest.DigestChallenge] the server's `WWW-Authenticate`
/// 2. [parley.keys.gba.digest.DigestCredentials] the client's `Authorization`, computed and checked
/// 3. [parley.keys.gba.digest.AuthenticationInfo] the server's proof that it knows the password too
///
/// MD5 is what TS 24.109 and RFC 3310 ask for; it is used inside TLS only, with passwords that
/// nobody can guess. A header that is not exactly of the grammar is a
/// [parley.keys.gba.digest.MalformedDigest].
@NullMarked
package parley.keys.gba.digest;

import org.jspecify.annotations.NullMarked;

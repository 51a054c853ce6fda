/// The issuer in a process and under a user of its own, so that whoever takes over the front end
/// has no master secret (threats, row 32).
///
/// 1. [parley.keys.kms.remote.IssuerServer] opens a UNIX socket beside the master secrets
/// 2. [parley.keys.kms.remote.RemoteIssuer] the front end's end of it
/// 3. `Frame` what goes through: a length and that many octets; `IssuerWire` what they mean
@NullMarked
package parley.keys.kms.remote;

import org.jspecify.annotations.NullMarked;

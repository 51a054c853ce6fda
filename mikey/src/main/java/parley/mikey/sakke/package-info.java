/// Keys encrypted to an identity: SAKKE with parameter set 1 (RFC 6508; RFC 6509, Appendix A).
///
/// The KMS's [parley.mikey.sakke.SakkeMasterKey] issues the Receiver Secret Key of an identifier.
/// Whoever knows its [parley.mikey.sakke.SakkePublicKey] encapsulates a shared secret value to that
/// identifier; the [parley.mikey.sakke.SakkeReceiver] gets it back, or nothing. Beneath them:
/// points and their fixed-base tables, lines of the pairing computed once for a key, and powers of
/// g.
///
/// Numbers are `BigInteger`s: their time depends on their value, tables are read at secret indices,
/// and secrets stay in memory until collected. A KMS or receiver should not share a core with
/// somebody it has to fear. Parameter set 1 offers about 112 bits of security (RFC 6509, 6).
@NullMarked
package parley.mikey.sakke;

import org.jspecify.annotations.NullMarked;

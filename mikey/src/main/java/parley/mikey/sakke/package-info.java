/// Keys encrypted to an identity: SAKKE with parameter set 1 (RFC 6508; RFC 6509, Appendix A).
///
/// The KMS's [parley.mikey.sakke.SakkeMasterKey] issues the Receiver Secret Key of an identifier.
/// Whoever knows its [parley.mikey.sakke.SakkePublicKey] encapsulates a shared secret value to that
/// identifier; the [parley.mikey.sakke.SakkeReceiver] gets it back, or nothing. Beneath them:
/// points and their tables, lines of the pairing computed once for a key
/// ([parley.mikey.sakke.PairingLines]), and powers of g.
///
/// Arithmetic is a [parley.mikey.sakke.Field] over [parley.mikey.sakke.Elements] in an array of
/// longs, in Java or in C. What is computed is a [parley.mikey.sakke.Formula], written once for
/// either: those of points ([parley.mikey.sakke.JacobianPoint], [parley.mikey.sakke.AffineSums])
/// and of values of the pairing ([parley.mikey.sakke.PairingValue]). Scalars are
/// [parley.mikey.sakke.Digits], multiples come from a [parley.mikey.sakke.FixedBase] with its
/// [parley.mikey.sakke.PointTable], powers of g from a [parley.mikey.sakke.PowerTable].
///
/// No branch and no address depends on a secret that lives longer than one message; `SECURITY.md`
/// says what remains. Parameter set 1 offers about 112 bits of security (RFC 6509, 6).
@NullMarked
package parley.mikey.sakke;

import org.jspecify.annotations.NullMarked;

/// Signatures by an identity: ECCSI on P-256 with SHA-256 (RFC 6507; RFC 6509, 2.1.1).
///
/// The KMS's [parley.mikey.eccsi.EccsiMasterKey] issues an [parley.mikey.eccsi.EccsiUserKey] for an
/// identifier and a device. That device checks it when it makes an
/// [parley.mikey.eccsi.EccsiSigner]; whoever knows the KMS's [parley.mikey.eccsi.EccsiPublicKey]
/// and the identifier checks the signatures with an [parley.mikey.eccsi.EccsiVerifier]. A
/// [parley.mikey.eccsi.SigningNonce] is the dearer half of one signature, made before there is
/// anything to sign.
///
/// Beneath them: the field of P-256 ([parley.mikey.eccsi.FieldP]), sums of points
/// ([parley.mikey.eccsi.PointSum]) by tables ([parley.mikey.eccsi.PointTable],
/// [parley.mikey.eccsi.PointComb]) for a scalar's [parley.mikey.eccsi.Digits], and arithmetic
/// modulo the order ([parley.mikey.eccsi.Scalars]). The kernel adds and inverts where it is there
/// ([parley.mikey.eccsi.P256Library]). No branch and no address depends on a secret, but where two
/// points meet by chance; Bouncy Castle computes such a sum again.
@NullMarked
package parley.mikey.eccsi;

import org.jspecify.annotations.NullMarked;

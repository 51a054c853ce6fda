/// Signatures by an identity: ECCSI on P-256 with SHA-256 (RFC 6507; RFC 6509, 2.1.1).
///
/// The KMS's [parley.mikey.eccsi.EccsiMasterKey] issues an [parley.mikey.eccsi.EccsiUserKey] for an
/// identifier and a device. That device checks it when it makes an
/// [parley.mikey.eccsi.EccsiSigner]; whoever knows the KMS's [parley.mikey.eccsi.EccsiPublicKey]
/// and the identifier checks the signatures with an [parley.mikey.eccsi.EccsiVerifier].
///
/// Scalars are `BigInteger`s, whose time depends on their value, and which stay in memory until
/// collected. Secret multiples of G go through a table that is read whole at each step; the sums
/// and products around them have no such care. A signer should not share a core with somebody it
/// has to fear.
@NullMarked
package parley.mikey.eccsi;

import org.jspecify.annotations.NullMarked;

/// The KMS's front end: what strangers reach, in the order of a request's way through it.
///
/// 1. [parley.keys.kms.front.KmsSite] the resources of TS 33.180, D.2; decides the order of the
///    steps below, and answers
/// 2. [parley.keys.http.RequestLimits] how often an address and a client may ask, before anything
///    is read
/// 3. [parley.keys.kms.front.WayToBeKnown] who asks: [parley.keys.kms.front.ByCertificate],
///    [parley.keys.kms.front.ByTicket], [parley.keys.kms.front.ByPresharedKey],
///    [parley.keys.kms.front.ByTunnel], a GBA of somebody else's, or the request's own signature
/// 4. [parley.keys.kms.front.KmsClient] who it is; `Resource` and `Wish` what is asked for
/// 5. [parley.keys.kms.front.KeyPolicy] who may have which keys: a [parley.keys.kms.front.Decision]
///    with a reason for the audit log and a sentence for the client
/// 6. [parley.keys.kms.front.KmsAudit] notes it before the answer leaves
/// 7. [parley.keys.kms.front.LetterBox] GMK messages that managers leave for UEs, by `MessageDesk`
///
/// Knows the master secrets only as a [parley.keys.kms.Issuer].
@NullMarked
package parley.keys.kms.front;

import org.jspecify.annotations.NullMarked;

/// A member's end of the KMS protocol: ask, verify, unwrap.
///
/// 1. [parley.keys.kms.client.KmsAddress] where a KMS is, and what it calls itself
/// 2. [parley.keys.kms.client.KmsConversation] one question and its answer, as octets; no network
/// 3. [parley.keys.kms.client.KeyProvisioning] the same over HTTPS, known by a header, a
///    certificate, transport keys, or the client's SIM
/// 4. [parley.keys.kms.client.Provision] what came: keys that fit identity, period and certificate,
///    ready for `Member.install`, groups and GMK messages
/// 5. [parley.keys.kms.client.KmsRefusal] why not, and what to do
@NullMarked
package parley.keys.kms.client;

import org.jspecify.annotations.NullMarked;

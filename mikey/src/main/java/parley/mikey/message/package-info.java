/// MIKEY messages as octets and as values (RFC 3830, 6; RFC 4563, 6043 and 6509), in travel order:
///
/// 1. [MikeyReader] takes a datagram apart, strictly, and answers with
/// 2. a [MikeyMessage]: one [Header] with its [CsIdMap], then the payloads;
/// 3. each [Payload] is a record of the sealed family, its fields [Octets] or one of the code
///    tables ([DataType], [IdType], [IdrRole], [TimestampType], [EncryptionAlgorithm],
///    [MacAlgorithm], …);
/// 4. what does not follow the grammar is a [MalformedMessage] that names clause and offset;
/// 5. [MikeyWriter] is the exact inverse: what was read is written as the same octets.
///
/// The key data inside a KEMAC is a secret, hence no payload record: [KeyData] opens it after
/// decryption. Nothing here verifies anything; that is the business of `parley.mikey.group`.
@NullMarked
package parley.mikey.message;

import org.jspecify.annotations.NullMarked;

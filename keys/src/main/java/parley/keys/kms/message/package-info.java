/// The XML that a KMS and its clients exchange (TS 33.180, Annex D): strict to read, canonical to
/// write.
///
/// 1. [parley.keys.kms.message.KmsRequest] what a client asks; read as an
///    [parley.keys.kms.message.UnverifiedKmsRequest]
/// 2. [parley.keys.kms.message.KmsResponse] what the KMS says; read as an
///    [parley.keys.kms.message.UnverifiedKmsResponse]
/// 3. [parley.keys.kms.message.KmsAnswer] init, key provision, certificates, or an error
/// 4. [parley.keys.kms.message.CertificateEntry] and [parley.keys.kms.message.KeySet] what an
///    answer brings; a key in it is a [parley.keys.kms.message.KeyContent]
/// 5. [parley.keys.kms.message.TransportKeys] TrK wraps those keys, InK signs the message
/// 6. [parley.keys.kms.message.MalformedKmsMessage] clause, line and column of what is wrong
///
/// Underneath: `PlainXml` lets through nothing but elements and text, `XmlCursor` walks them in the
/// one order that there is, `CanonicalForm` makes of the same events what is signed, `XmlSignature`
/// compares, and `XmlWriter` writes what is canonical already.
@NullMarked
package parley.keys.kms.message;

import org.jspecify.annotations.NullMarked;

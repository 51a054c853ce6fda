package parley.keys.kms.message;

/// Namespaces, versions and clauses (TS 33.180, D.3).
final class Names {
  static final String KMS = "urn:3gpp:ns:mcsecKMSInterface:1.0";

  /// Elements of our own, where the schema has `xsd:any` for other namespaces.
  static final String PARLEY = "urn:parley:ns:kms:1.0";

  static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
  static final String DS = "http://www.w3.org/2000/09/xmldsig#";
  static final String XENC = "http://www.w3.org/2001/04/xmlenc#";

  static final String REQUEST_VERSION = "1.1.0";
  static final String RESPONSE_VERSION = "1.0.0";
  static final String ANSWER_VERSION = "1.0.0";
  static final String CERTIFICATE_VERSION = "1.1.0";
  static final String KEY_SET_VERSION = "1.1.0";

  static final String XML_CLAUSE = "XML 1.0";
  static final String REQUEST_CLAUSE = "TS 33.180, D.2.2";
  static final String RESPONSE_CLAUSE = "TS 33.180, D.3.1";
  static final String CERTIFICATE_CLAUSE = "TS 33.180, D.3.2.2";
  static final String KEY_SET_CLAUSE = "TS 33.180, D.3.3.2";
  static final String SIGNATURE_CLAUSE = "XML Signature 4";
  static final String ENCRYPTION_CLAUSE = "XML Encryption 3.5";

  private Names() {}
}

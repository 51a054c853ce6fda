package parley.keys.kms.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.ue.UaHttp;
import parley.keys.gba.ue.UaKey;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.message.TransportKeys;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// The way to a KMS that knows its client by a SIM (TS 33.222).
///
/// TrK and InK follow from the Ks_NAF for HTTP Digest under the name of the key, so both ends have
/// them before a word is said under them. A question goes out unsigned until the KMS says that
/// bootstrapping is required, then signed, and signed anew where it wants another bootstrap in the
/// middle. Confined to one thread at a time.
final class GbaLine implements Line {
  private static final String XML = "application/xml; charset=utf-8";

  private final UaHttp http;
  private final Fqdn naf;
  private final Asker asker;
  private final int mostOctets;
  private @Nullable TransportKeys keys;

  /// @param http is closed with this
  /// @param naf the KMS's name as a NAF
  GbaLine(UaHttp http, Fqdn naf, Asker asker, int mostOctets) {
    this.http = http;
    this.naf = naf;
    this.asker = asker;
    this.mostOctets = mostOctets;
  }

  /// The question as it was written last.
  private final class Written implements UaHttp.Body {
    private final Question question;
    private KmsConversation conversation;

    Written(Question question) {
      this.question = question;
      this.conversation = question.by(asker.with(keys));
    }

    @Override
    public byte[] under(@Nullable UaKey key) throws IOException {
      drop();
      keys = key == null ? null : transportKeys(key);
      conversation = question.by(asker.with(keys));
      return conversation.question();
    }
  }

  @Override
  public Answered ask(Question question) throws IOException {
    var written = new Written(question);
    String path = URI.create(written.conversation.url()).getRawPath();
    try {
      HttpResponse<byte[]> answer = http.send("POST", path, XML, written, mostOctets);
      return new Answered(
          written.conversation, new KeyProvisioning.Answer(answer.statusCode(), answer.body()));
    } catch (VaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private TransportKeys transportKeys(UaKey key) throws IOException {
    try (SecretBytes ksNaf = key.digest(naf)) {
      return TransportKeys.derived(ksNaf, "trk.gba." + key.tid(), "ink.gba." + key.tid());
    }
  }

  private void drop() {
    TransportKeys before = keys;
    keys = null;
    if (before != null) {
      before.close();
    }
  }

  @Override
  public void close() {
    drop();
    http.close();
  }
}

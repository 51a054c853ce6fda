package parley.keys.kms.client;

import java.io.IOException;
import java.net.URI;
import parley.keys.kms.client.KeyProvisioning.Answer;
import parley.keys.kms.client.KeyProvisioning.Transport;
import parley.keys.kms.client.KmsConversation.Asker;

/// The way to one KMS: how a question gets there, and the transport keys that it is put under.
interface Line extends AutoCloseable {
  /// A question, written for each pair of keys that the KMS wants it under.
  interface Question {
    KmsConversation by(Asker asker);
  }

  /// An answer, and the conversation that it belongs to.
  record Answered(KmsConversation conversation, Answer answer) {}

  /// Blocks. The keys of the conversation are good until the next question, or until this is
  /// closed.
  Answered ask(Question question) throws IOException, InterruptedException;

  @Override
  void close();

  /// Always under the keys of `asker`, which stay the caller's.
  record Fixed(Transport transport, Asker asker, Runnable end) implements Line {
    @Override
    public Answered ask(Question question) throws IOException, InterruptedException {
      KmsConversation conversation = question.by(asker);
      URI url = URI.create(conversation.url());
      return new Answered(conversation, transport.post(url, conversation.question()));
    }

    @Override
    public void close() {
      end.run();
    }
  }
}

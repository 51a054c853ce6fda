package parley.keys.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.transport.MikeyBody;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A member that speaks with its group's manager over HTTPS (wire profile, section 10). What comes
/// back is as good as its signature, which whoever takes it verifies. Any thread; a call waits.
public final class ManagerClient implements AutoCloseable {
  /// Of the manager's server: every message goes there.
  public static final String PATH = "/mikey";

  /// So many messages are the answer to one pull at most, the newest.
  public static final int MOST_MESSAGES = 16;

  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final URI manager;
  private final HttpClient client;
  private final Duration patience;
  private final Member member;
  private final GroupMembership group;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Registration registration;

  /// @param manager such as `https://manager.example.org:8447`, without a path
  /// @param patience for a whole exchange
  /// @param member stays the caller's
  public ManagerClient(
      URI manager,
      SSLContext tls,
      Duration patience,
      Member member,
      GroupMembership group,
      InstantSource clock,
      SecureRandom random) {
    this.manager = manager;
    this.client = ClientTls.http(tls, patience);
    this.patience = patience;
    this.member = member;
    this.group = group;
    this.clock = clock;
    this.random = random;
    this.registration =
        Registration.prepare(member.identity(), group.group(), member.homeKms().kmsUri(), random);
  }

  /// Says where this member hears MIKEY; how long the manager keeps that.
  ///
  /// @throws IOException with one sentence when it is refused, or the answer is not the manager's
  public synchronized Duration register(InetSocketAddress address)
      throws IOException, InterruptedException, KeysMissing {
    NtpTimestamp t = nextT();
    byte[] said =
        registration.seal(RegistrationVerb.REGISTER, address, t, member.signer(t), random);
    byte[] answered = expect(OK, said, MikeyBody.MAX_OCTETS);
    KmsCertificate kms = member.kms().find(group.kmsUri());
    try {
      RegistrationAnswer answer = RegistrationAnswer.read(answered);
      if (kms != null && answer.isFor(registration, group.signer(), kms, new EccsiVerifier(1))) {
        return answer.kept();
      }
    } catch (MalformedMessage _) {
      // told below
    }
    throw new IOException(manager + " answers with something that the group did not sign");
  }

  /// The GMK messages that wait for this member, oldest T first.
  public synchronized List<byte[]> pull() throws IOException, InterruptedException, KeysMissing {
    byte[] answer =
        expect(OK, question(RegistrationVerb.PULL), 2 * MOST_MESSAGES * MikeyBody.MAX_OCTETS);
    List<byte[]> messages = new ArrayList<>();
    try {
      for (JsonNode message : JsonMapper.shared().readTree(answer).path("messages")) {
        messages.add(Base64.getDecoder().decode(message.asString("")));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(manager + " answers with something that is no list of messages", e);
    }
    return messages;
  }

  /// The signed list of members, for a [MemberListKeeper].
  public synchronized byte[] members() throws IOException, InterruptedException, KeysMissing {
    return expect(OK, question(RegistrationVerb.MEMBERS), UnverifiedMemberList.MAX_OCTETS);
  }

  /// Hands in a receipt; whether it proves anything is not told.
  public void receipt(byte[] receipt) throws IOException, InterruptedException {
    var _ = expect(ACCEPTED, receipt, MikeyBody.MAX_OCTETS);
  }

  private byte[] question(RegistrationVerb verb) throws KeysMissing {
    NtpTimestamp t = nextT();
    return registration.ask(verb, t, member.signer(t), random);
  }

  private NtpTimestamp nextT() {
    return NtpTimestamp.of(clock.instant()).after(registration.lastT());
  }

  private byte[] expect(int status, byte[] message, int mostOctets)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(manager.resolve(PATH))
            .header("content-type", MikeyBody.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(message))
            .build();
    HttpResponse<byte[]> response;
    try {
      response = WholeAnswer.of(client, request, mostOctets, patience);
    } catch (IOException e) {
      throw new IOException(manager + " cannot be asked: " + e.getMessage(), e);
    }
    if (response.statusCode() != status) {
      throw new IOException(
          "%s answers %d: %s"
              .formatted(manager, response.statusCode(), firstLine(response.body())));
    }
    return response.body();
  }

  private static String firstLine(byte[] body) {
    String line =
        new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("without a word");
    return line.replaceAll("[^\\x20-\\x7E]", "?").substring(0, Math.min(300, line.length()));
  }

  /// Gives up whatever is still going on.
  @Override
  public void close() {
    client.shutdownNow();
  }
}

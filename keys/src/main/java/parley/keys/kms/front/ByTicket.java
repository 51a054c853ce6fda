package parley.keys.kms.front;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.keys.http.Request;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.registry.EnrolmentTickets;
import parley.keys.store.StoreException;

/// By the bearer token of an enrolment ticket that is good and not used yet. The ticket is used up
/// when keys are given for it, not by looking.
public final class ByTicket implements WayToBeKnown {
  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) ([A-Za-z0-9_-]{43})");

  private final EnrolmentTickets tickets;

  public ByTicket(EnrolmentTickets tickets) {
    this.tickets = tickets;
  }

  @Override
  public Outcome look(Request request) throws StoreException {
    String bearer = bearer(request);
    if (bearer.isEmpty()) {
      return WayToBeKnown.notMine();
    }
    return tickets
        .holder(bearer)
        .<Outcome>map(holder ->
            new Outcome.Authenticated(
                new KmsClient(
                    Way.TICKET,
                    "ticket for " + holder.device(),
                    holder.identity(),
                    holder.device(),
                    holder.keys())))
        .orElseGet(WayToBeKnown::notMine);
  }

  /// The bearer token of a request; empty where there is none.
  static String bearer(Request request) {
    String authorization = request.header("authorization");
    Matcher matcher = BEARER.matcher(authorization == null ? "" : authorization);
    return matcher.matches() ? matcher.group(1) : "";
  }
}

package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.List;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.ReceiptOutcome;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;

/// What came from a KMS, handed to the member, a line for each thing.
final class EnrolledLines {
  private EnrolledLines() {}

  static void take(Enrolled enrolled, Member member, Identity identity, PrintWriter out)
      throws VaultException {
    for (KeyPeriod period : enrolled.periods()) {
      out.println(
          "installed %s, period %d, until %s".formatted(identity, period.number(), period.until()));
    }
    enrolled.trust(member).forEach(out::println);
    enrolled.join(member).forEach(group -> out.println("joined " + group.group()));
    List<GmkAcceptance> judged = enrolled.accept(member);
    judged.forEach(one -> out.println(said(one)));
    out.flush();
    enrolled.confirm(member, judged).forEach(one -> out.println(said(one)));
    out.flush();
  }

  private static String said(ReceiptOutcome outcome) {
    return outcome.problem() == null
        ? "the manager of %s has the receipt".formatted(outcome.group())
        : outcome.problem();
  }

  private static String said(GmkAcceptance judged) {
    return switch (judged) {
      case GmkAcceptance.Accepted accepted -> "took the GMK of " + accepted.gmk().group();
      case GmkAcceptance.Repeated _ -> "a GMK that waited was taken before";
      case GmkAcceptance.Invited(var invitation) ->
          "invited by %s; see 'parley group'".formatted(invitation.creator());
      case GmkAcceptance.Refused(var reason, var detail) ->
          "a GMK that waited is refused: %s (%s)".formatted(detail, reason);
    };
  }
}

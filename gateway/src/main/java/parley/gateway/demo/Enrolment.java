package parley.gateway.demo;

import java.util.HashMap;
import java.util.Map;
import parley.gateway.config.KmsConfig;
import parley.gateway.enrol.KmsClient;
import parley.keys.enrol.Enrolled;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// The second act: the terminals fetch their keys from the KMS, Alice by her SIM, the others by a
/// ticket each, and join the groups that the KMS lists for them.
final class Enrolment {
  private final Stage stage;
  private final KeyPlane keys;

  Enrolment(Stage stage, KeyPlane keys) {
    this.stage = stage;
    this.keys = keys;
  }

  Roles play() throws Exception {
    stage.terminal().act("2. Enrolment over HTTPS");
    Map<Identity, Member> members = new HashMap<>();
    for (Identity ue : Cast.UES) {
      members.put(ue, terminal(ue));
    }
    stage
        .terminal()
        .step("Alice by a GBA bootstrap of her SIM, Bob, Carol and Dave by a ticket each");
    members.put(Cast.MALLORY, terminal(Cast.MALLORY));
    members.put(Cast.EVE, terminal(Cast.EVE));
    stage.terminal().step("also Mallory, a member gone bad, and Eve, whom no group knows");
    return new Roles(Map.copyOf(members));
  }

  private Member terminal(Identity who) throws Exception {
    Vault vault = stage.vault(Cast.shortName(who));
    KmsConfig kms = who.equals(Cast.ALICE) ? keys.bySim(who, vault) : keys.byTicket(who);
    try (KmsClient client = KmsClient.open(kms, vault, who, Cast.device(who), stage.clock())) {
      Enrolled enrolled = client.enrolment().enrol();
      Member member = stage.keep(Member.open(vault, who, stage.clock()));
      var _ = enrolled.join(member);
      return member;
    }
  }
}

package parley.gateway.lab;

import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// A member of the lab with its vault.
public record LabMember(Lab lab, Vault vault, Member member) {
  public Identity identity() {
    return member.identity();
  }

  /// A talker in the group, under the GMK that is current for this member.
  public LabTalker talker(String group) {
    return new LabTalker(this, new Identity(group));
  }
}

package parley.keys.member;

import java.util.List;
import java.util.Locale;
import parley.mikey.identity.Identity;

/// What a member answers to the invitation of a verified creator.
public interface InvitationPolicy {
  /// What becomes of an invitation.
  enum Answer {
    /// Join at once.
    ACCEPT,
    /// Keep it until the user has decided.
    ASK,
    /// Take no notice.
    REFUSE
  }

  /// Joins no group but those that are configured.
  InvitationPolicy REFUSE_ALL = _ -> Answer.REFUSE;

  /// Leaves it to the user.
  InvitationPolicy ASK_ALWAYS = _ -> Answer.ASK;

  Answer to(Identity creator);

  /// Accepts invitations of these and asks about others. A pattern is an identity, or
  /// `sip:*@example.org` for everybody of a domain.
  ///
  /// @throws IllegalArgumentException with what would be right
  static InvitationPolicy accepting(List<String> patterns) {
    patterns.forEach(InvitationPolicy::requirePattern);
    List<String> known = List.copyOf(patterns);
    return creator ->
        known.stream().anyMatch(pattern -> matches(pattern, creator)) ? Answer.ACCEPT : Answer.ASK;
  }

  private static void requirePattern(String pattern) {
    if (isDomain(pattern)) {
      var _ = new Identity(pattern.replace("*", "anybody"));
    } else {
      var _ = new Identity(pattern);
    }
  }

  private static boolean isDomain(String pattern) {
    return pattern.toLowerCase(Locale.ROOT).startsWith("sip:*@");
  }

  private static boolean matches(String pattern, Identity creator) {
    if (!isDomain(pattern)) {
      return pattern.equals(creator.uri());
    }
    String uri = creator.uri();
    int at = uri.indexOf('@');
    return uri.startsWith("sip:")
        && at == uri.lastIndexOf('@')
        && uri.substring(at + 1).equals(pattern.substring("sip:*@".length()));
  }
}

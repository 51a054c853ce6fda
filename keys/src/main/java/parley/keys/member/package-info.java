/// A member's own keys: a UE, a gateway, or the identity that a group manager signs with.
///
/// 1. [parley.keys.member.Member] install what the KMS issued, join groups, accept GMKs, sign
/// 2. [parley.keys.member.MemberStore] which record of the vault holds what
/// 3. [parley.keys.member.PeriodKeys] the signer and the receiver for the period of T
/// 4. [parley.keys.member.GroupMembership] a group, and whose signature its GMKs must bear
/// 5. [parley.keys.member.GmkReceiver] the rules for an I_MESSAGE, in their order
/// 6. [parley.keys.member.HeldGmks] highest T and the GMKs of a group; each a
///    [parley.keys.member.HeldGmk]
/// 7. [parley.keys.member.Invitation] the creator of an ad-hoc group asks; an
///    [parley.keys.member.InvitationPolicy] answers, or the user does
/// 8. [parley.keys.member.GmkAcceptance] accepted, repeated, or refused by
///    [parley.keys.member.GmkRefusal]
///
/// A key that does not fit is an `InvalidKey` at installation, one that is not there a
/// [parley.keys.member.KeysMissing] when it is needed.
@NullMarked
package parley.keys.member;

import org.jspecify.annotations.NullMarked;

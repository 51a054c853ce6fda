/// A group's manager: who belongs to it, who holds its key, and who has said so.
///
/// 1. [parley.keys.manager.MemberList] the members file; [parley.keys.manager.Permission] talk,
///    listen, relay, manage; [parley.keys.manager.WrongSetting] the path of what is wrong in it
/// 2. [parley.keys.manager.GroupManager] makes a GMK, hands out one I_MESSAGE for each UE, takes
///    receipts, excludes, dissolves
/// 3. [parley.keys.manager.GmkDraw] a key and an id that collide with nothing
/// 4. [parley.keys.manager.RegistrationDesk] where each UE is reached, as it says so itself
/// 5. [parley.keys.manager.GmkPlan] when a GMK is made, active and over:
///    [parley.keys.manager.GmkPeriod]
/// 6. [parley.keys.manager.Distributor] follows the plan and repeats each
///    [parley.keys.manager.GmkMessage] at its [parley.keys.manager.DeliveryPace] by an
///    [parley.keys.manager.Outlet] until the receipt has come
/// 7. [parley.keys.manager.DeliveryBoard] who was sent what: a [parley.keys.manager.BoardEntry] for
///    the program, a [parley.keys.manager.Delivery] for people
/// 8. [parley.keys.manager.UnverifiedMemberList] the list as it is handed out, signed;
///    [parley.keys.manager.MemberListKeeper] holds the newest at a gateway or UE, which asks by its
///    [parley.keys.manager.ManagerClient]
/// 9. [parley.keys.manager.GroupStore] which record of the vault holds what
@NullMarked
package parley.keys.manager;

import org.jspecify.annotations.NullMarked;

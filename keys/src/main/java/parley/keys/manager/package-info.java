/// A group's manager: who belongs to it, who holds its key, and who has said so.
///
/// 1. [parley.keys.manager.MemberList] the members file; [parley.keys.manager.Permission] talk,
///    listen, relay, manage; [parley.keys.manager.WrongSetting] the path of what is wrong in it
/// 2. [parley.keys.manager.GroupManager] makes a GMK, hands out one I_MESSAGE for each UE, takes
///    receipts, excludes
/// 3. [parley.keys.manager.GmkDraw] a key and an id that collide with nothing
/// 4. [parley.keys.manager.GmkMessage] what goes to a UE
/// 5. [parley.keys.manager.BoardEntry] and [parley.keys.manager.Delivery] the delivery board
/// 6. [parley.keys.manager.GroupStore] which record of the vault holds what
@NullMarked
package parley.keys.manager;

import org.jspecify.annotations.NullMarked;

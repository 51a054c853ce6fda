/// A group's manager: who belongs to it, and who holds its key.
///
/// 1. [parley.keys.manager.MemberList] the members file; [parley.keys.manager.Permission] talk,
///    listen, relay, manage
@NullMarked
package parley.keys.manager;

import org.jspecify.annotations.NullMarked;

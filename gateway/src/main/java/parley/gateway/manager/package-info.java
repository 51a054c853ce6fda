/// A group manager at work: its UDP port, its plan, the ways to its members.
///
/// 1. [ManagerServer] one vault, its ports, [ManagerGroups]; reads its configuration again
/// 2. [ManagerLoop] the thread that does everything: receipts and registrations in, what is due
///    out; over HTTPS they come by the [ManagerSite] of its [ManagerPort]
/// 3. [Way] how a member is reached where its own registration does not say
/// 4. [GroupOutlet] from a message to its way
/// 5. [ManagerDoor] a socket file beside the vault, by which 'parley manager' speaks to the running
///    server; a [DoorRequest] and its answer are one line of JSON each
/// 6. [ManagerDesk] what operators see and do, by that file ([ManagerCommands]) or over HTTPS
///    ([ManagerAdmin])
/// 7. [ManagerCounters] what came in, and what was refused; [ManagerNotes] the audit log
@NullMarked
package parley.gateway.manager;

import org.jspecify.annotations.NullMarked;

/// A group manager at work: its UDP port, its plan, the ways to its members.
///
/// 1. [ManagerServer] one vault, one port, several groups; reads its configuration again
/// 2. [ManagerLoop] the thread that does everything: receipts and registrations in, what is due out
/// 3. [Way] how a member is reached where its own registration does not say
/// 4. [GroupOutlet] from a message to its way
/// 5. [ManagerDoor] a socket file beside the vault, by which 'parley manager' speaks to the running
///    server; a [DoorRequest] and its answer are one line of JSON each
/// 6. [ManagerCounters] what came in, and what was refused
@NullMarked
package parley.gateway.manager;

import org.jspecify.annotations.NullMarked;

/// What a KMS's operator has said about its users: tables that several front ends share.
///
/// 1. [parley.keys.kms.registry.KmsRegistry] opens them all; no master secret and no user's key is
///    among them
/// 2. [parley.keys.kms.registry.KmsUsers] identities, the names they are known by, their devices,
///    and whose keys are withdrawn
/// 3. [parley.keys.kms.registry.KmsGroups] group identities, who manages them, who belongs to them
/// 4. [parley.keys.kms.registry.EnrolmentTickets] one-time tickets, each good for one enrolment
/// 5. [parley.keys.kms.registry.TransportKeyShelf] TrK and InK of each device, sealed
/// 6. [parley.keys.kms.registry.PresharedKeys] keys that users prove in TLS, sealed
/// 7. [parley.keys.kms.registry.PendingGmks] GMK messages that wait for a UE
@NullMarked
package parley.keys.kms.registry;

import org.jspecify.annotations.NullMarked;

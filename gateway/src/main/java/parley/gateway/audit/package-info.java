/// The audit log: every administrative act, in a file that shows whether it was altered.
///
/// 1. [parley.gateway.audit.AuditLog] notes an act and returns when it is on the disk.
/// 2. Each [parley.gateway.audit.AuditLine] carries the hash of the one before and its own.
/// 3. [parley.gateway.audit.Seal] signs the head of the chain with the gateway's own key, so that
///    nobody can write the whole file anew.
/// 4. [parley.gateway.audit.AuditReader] reads files in the order of their lines and says what is
///    wrong with them: the [parley.gateway.audit.AuditReport].
/// 5. [parley.gateway.audit.AuditFile] is the file below, and [parley.gateway.audit.AuditFiles]
///    where it and its predecessors are.
@NullMarked
package parley.gateway.audit;

import org.jspecify.annotations.NullMarked;

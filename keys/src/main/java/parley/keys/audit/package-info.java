/// The audit log: every administrative act, in a file that shows whether it was altered.
///
/// 1. [parley.keys.audit.AuditLog] notes an act and returns when it is on the disk.
/// 2. Each [parley.keys.audit.AuditLine] carries the hash of the one before and its own.
/// 3. [parley.keys.audit.Seal] signs the head of the chain with its owner's key, so that nobody can
///    write the whole file anew.
/// 4. [parley.keys.audit.AuditReader] reads files in the order of their lines and says what is
///    wrong with them: the [parley.keys.audit.AuditReport].
/// 5. [parley.keys.audit.AuditFile] is the file below, and [parley.keys.audit.AuditFiles] where it
///    and its predecessors are.
@NullMarked
package parley.keys.audit;

import org.jspecify.annotations.NullMarked;

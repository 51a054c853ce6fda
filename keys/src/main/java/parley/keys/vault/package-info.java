/// Secrets at rest: one file, sealed, a snapshot with a journal, opened by one process at a time.
///
/// 1. [parley.keys.vault.VaultKey] what an owner brings: a passphrase, a key file, a
///    [parley.keys.vault.RecoveryShare], a key in a PKCS#11 [parley.keys.vault.Token], or shares of
///    [parley.keys.vault.Shamir]
/// 2. [parley.keys.vault.VaultLock] one process at a time, and the mark that betrays an older copy
/// 3. [parley.keys.vault.VaultHeader] the ways to open it, each an [parley.keys.vault.Unlock] with
///    the sealed data key
/// 4. [parley.keys.vault.VaultKeys] from the data key: one key seals records, two authenticate the
///    file
/// 5. [parley.keys.vault.SealedRecord] one record: type and name in the clear, value under
///    AES-256-GCM; all of them are [parley.keys.vault.VaultRecords]
/// 6. [parley.keys.vault.VaultSnapshot] all records as octets, then the journal: a
///    [parley.keys.vault.JournalEntry] of [parley.keys.vault.SealedChange]s for each edit, which
///    [parley.keys.vault.JournalReader] plays; both make up the [parley.keys.vault.VaultContent]
/// 7. [parley.keys.vault.VaultFile] replaced whole or made longer by the steps of a
///    [parley.keys.vault.Disk]
/// 8. [parley.keys.vault.Vault] what the rest of the program sees, with
///    [parley.keys.vault.VaultEdit] for several records at once
/// 9. [parley.keys.vault.RecordingKey] what keeps recordings readable for years
///
/// Where holders of shares come one after the other, [parley.keys.vault.UnsealDoor] waits for them
/// at a [parley.keys.vault.SocketFile] beside the vault.
///
/// [parley.keys.vault.AesGcm] seals what other packages keep in tables, too.
///
/// A refusal is a [parley.keys.vault.VaultException]: one sentence, and what was stored before is
/// still stored.
@NullMarked
package parley.keys.vault;

import org.jspecify.annotations.NullMarked;

/// Secrets at rest: one file, sealed, replaced whole, opened by one process at a time.
///
/// 1. [parley.keys.vault.VaultKey] what the owner brings: a passphrase or a key file
/// 2. [parley.keys.vault.VaultLock] one process at a time, and the mark that betrays an older copy
/// 3. [parley.keys.vault.VaultHeader] how the key-encrypting key is made; the sealed data key
/// 4. [parley.keys.vault.VaultKeys] the data key: one half seals records, one authenticates the
///    file
/// 5. [parley.keys.vault.SealedRecord] one record: type and name in the clear, value under
///    AES-256-GCM
/// 6. [parley.keys.vault.VaultImage] all of it as octets, authenticated as a whole
/// 7. [parley.keys.vault.Disk] temporary file, fsync, rename, fsync of the directory
/// 8. [parley.keys.vault.Vault] what the rest of the program sees, with
///    [parley.keys.vault.VaultEdit] for several records at once
/// 9. [parley.keys.vault.RecordingKey] what keeps recordings readable for years
///
/// A refusal is a [parley.keys.vault.VaultException]: one sentence, and nothing on the disk has
/// changed.
@NullMarked
package parley.keys.vault;

import org.jspecify.annotations.NullMarked;

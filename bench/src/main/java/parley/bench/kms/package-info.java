/// `parley bench kms`: how many key sets a KMS gives in a second.
///
/// 1. [parley.bench.kms.KmsHost] a KMS in a process of its own, on one core
/// 2. [parley.bench.kms.Terminals] users with transport keys that ask it, from the other cores
/// 3. [parley.bench.kms.Line] one connection of HTTPS, kept or new each time
/// 4. [parley.bench.kms.OpensslTls] the yardstick for new connections
/// 5. [parley.bench.kms.Issuing] what the issuer alone does, beside wolfSSL
/// 6. [parley.bench.kms.KmsReport] the table
@NullMarked
package parley.bench.kms;

import org.jspecify.annotations.NullMarked;

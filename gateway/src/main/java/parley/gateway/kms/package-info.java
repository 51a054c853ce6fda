/// The KMS as a process: what `kms.yaml` says, put together.
///
/// 1. [parley.gateway.kms.KmsServer] HTTPS by certificates and by Ks_NAF, tables, issuer
/// 2. [parley.gateway.kms.KmsTables] its registry, which commands open as well
/// 3. `KmsDoors` by which ways and how often clients come in; `GbaDoor` the KMS as a NAF
/// 4. `KmsLines` the audit log's lines; `KmsCounters` the same as numbers
/// 5. `KmsAdmin` readiness, meters, views and acts; `KmsSweeper` takes out what has expired
@NullMarked
package parley.gateway.kms;

import org.jspecify.annotations.NullMarked;

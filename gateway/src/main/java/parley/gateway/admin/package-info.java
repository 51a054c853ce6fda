/// Health and metrics over HTTP: what an operator's tools ask.
///
/// 1. [parley.gateway.admin.AdminServer] listens, on loopback by default, on a thread of its own.
/// 2. [parley.gateway.admin.AdminHandler] lets well-formed GET and HEAD through and turns the rest
///    into JSON errors.
/// 3. [parley.gateway.admin.AdminPages] answers `/healthz`, `/readyz` and `/metrics`, from
/// 4. [parley.gateway.admin.GatewayStatus], which a running gateway gives:
///    [parley.gateway.admin.GroupStatus], [parley.gateway.admin.GmkStatus],
///    [parley.gateway.admin.RecorderStatus], [parley.gateway.admin.Readiness];
/// 5. [parley.gateway.admin.GatewayMetrics] shows them to Prometheus.
@NullMarked
package parley.gateway.admin;

import org.jspecify.annotations.NullMarked;

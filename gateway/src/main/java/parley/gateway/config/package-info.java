/// The gateway's configuration: one YAML file, read whole or refused whole.
///
/// 1. [parley.gateway.config.ConfigFile] is the way in.
/// 2. [parley.gateway.config.YamlReader] makes nodes that know their line and column.
/// 3. [parley.gateway.config.Setting] and [parley.gateway.config.Section] walk them; what is wrong
///    becomes one of the [parley.gateway.config.Findings], and reading goes on.
/// 4. [parley.gateway.config.GatewayReader], [parley.gateway.config.OperationReader],
///    [parley.gateway.config.GroupReader] and [parley.gateway.config.LegReader] know the settings;
///    [parley.gateway.config.Values], [parley.gateway.config.Timespan],
///    [parley.gateway.config.Addresses] and [parley.gateway.config.Profiles] know what values look
///    like.
/// 5. [parley.gateway.config.CrossChecks] compares groups and legs with each other.
/// 6. The result is a [parley.gateway.config.GatewayConfig], or a
///    [parley.gateway.config.ConfigException] that tells everything at once.
@NullMarked
package parley.gateway.config;

import org.jspecify.annotations.NullMarked;

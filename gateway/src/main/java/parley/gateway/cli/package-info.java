/// The command line: one program, one class per subcommand.
///
/// 1. [parley.gateway.cli.Parley] reads the arguments; [parley.gateway.cli.LogStyle] decides how
///    log lines look, [parley.gateway.cli.LogTarget] where they go.
/// 2. A subcommand does its job on the libraries of the other packages.
/// 3. [parley.gateway.cli.Failures] turns an exception into one sentence;
///    [parley.gateway.cli.ExitCode] is how it ends.
@NullMarked
package parley.gateway.cli;

import org.jspecify.annotations.NullMarked;

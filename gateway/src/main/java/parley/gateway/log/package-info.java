/// Log lines on their way out: never in the way of an event loop, never an end of the program.
///
/// 1. [parley.gateway.log.LogQueue] takes a line from any thread without waiting; one thread of its
///    own hands it on.
/// 2. [parley.gateway.log.LogFile] survives a disk that refuses, and puts a full file aside in a
///    [parley.gateway.log.LogWindow]. Without a file, lines go to stderr.
///
/// Both count the lines that are lost and say so in the log. `logback.xml` puts them together.
/// [parley.gateway.log.LogRation] is for lines of which somebody outside could cause any number.
@NullMarked
package parley.gateway.log;

import org.jspecify.annotations.NullMarked;

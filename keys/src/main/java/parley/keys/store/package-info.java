/// Tables that survive a kill: SQLite on one host, PostgreSQL for several instances.
@NullMarked
package parley.keys.store;

import org.jspecify.annotations.NullMarked;

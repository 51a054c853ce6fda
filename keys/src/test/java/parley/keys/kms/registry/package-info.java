/// The registry on SQLite and on PostgreSQL.
@NullMarked
package parley.keys.kms.registry;

import org.jspecify.annotations.NullMarked;

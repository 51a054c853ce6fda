/// The KMS's front end, asked as a server would ask it.
@NullMarked
package parley.keys.kms.front;

import org.jspecify.annotations.NullMarked;

/// Promises of enrolment and renewal.
@NullMarked
package parley.keys.enrol;

import org.jspecify.annotations.NullMarked;

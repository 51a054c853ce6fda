/// A small public-safety network for tests: [Lab] has the KMS and the groups, [LabMember] a member
/// with keys, [LabTalker] one that talks in every right and wrong way, [LabEar] a bare socket that
/// hears, [SteppingClock] the time, [BothPaths] runs a class on each way that media takes.
@NullMarked
package parley.gateway.lab;

import org.jspecify.annotations.NullMarked;

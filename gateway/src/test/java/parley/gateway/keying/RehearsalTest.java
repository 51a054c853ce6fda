package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabTalker;
import parley.gateway.lab.SteppingClock;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngines;

class RehearsalTest {
  @Test
  void needsNoGmkAndLeavesNone(@TempDir Path folder) throws Exception {
    var group = new Identity("sip:fire@example.org");
    var clock = new SteppingClock(Instant.parse("2026-11-28T12:00:00Z"));
    try (var lab = new Lab(folder, clock)) {
      Member gateway = lab.member("sip:gpe1@example.org").member();
      var rehearsal = new Rehearsal(gateway, CipherEngines.jce(), clock, lab.random());
      assertThat(rehearsal.play(group, LabTalker.GCM)).isTrue();
      assertThat(gateway.gmkBook().all(group)).isEmpty();
    }
  }
}

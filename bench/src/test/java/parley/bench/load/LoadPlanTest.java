package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import parley.bench.rig.GatewayFile;
import parley.mikey.group.MediaSuite;

class LoadPlanTest {
  private static final Path FOLDER = Path.of("/plans");

  private static LoadPlan parse(String text) throws WrongPlan {
    return LoadPlan.parse(text, FOLDER, "plan.yaml");
  }

  private static void refuses(String text, String sentence) {
    var wrong = assertThrows(WrongPlan.class, () -> parse(text), () -> sentence);
    assertTrue(String.valueOf(wrong.getMessage()).contains(sentence), wrong::getMessage);
  }

  private static String changed(String from, String to) {
    assertTrue(LoadPlan.EXAMPLE.contains(from));
    return LoadPlan.EXAMPLE.replace(from, to);
  }

  @Test
  void readsTheExample() throws WrongPlan {
    LoadPlan plan = parse(LoadPlan.EXAMPLE);
    assertEquals(2, plan.groups().size());
    LoadPlan.Group fire = plan.groups().getFirst();
    assertEquals("10.0.0.7:5004", GatewayFile.shown(fire.to()));
    assertEquals(MediaSuite.AEAD_AES_128_GCM, fire.profile());
    assertEquals(2, fire.listen().size());
    assertEquals(Path.of("/plans/alice.vault"), fire.talker().vault());
    LoadPlan.Group medics = plan.groups().getLast();
    assertEquals("sip:carol@example.org", medics.talker().identity().uri());
    assertEquals(Path.of("/plans/carol.pass"), medics.talker().passphraseFile());
    assertEquals("sip:bob@example.org", medics.listener().identity().uri());
  }

  @Test
  void namesThePlaceOfAnError() {
    refuses("", "plan.yaml is no plan");
    refuses("groups: [", "this is no YAML");
    refuses("groups: []", "groups lists no group");
    refuses(changed("to: 10.0.0.7:5004", "to: gateway:5004"), "groups[0].to is no unicast address");
    refuses(changed("to: 10.0.0.7:5004", "to: 239.1.1.1:5004"), "groups[0].to");
    refuses(changed("    to: 10.0.0.7:5006\n", ""), "groups[1].to is missing");
    refuses(changed("profile: AEAD_AES_128_GCM", "profile: ROT13"), "groups[0].profile ROT13");
    refuses(changed("listen: [10.0.0.9:6004]", "listen: [10.0.0.9:6000]"), "groups[1].listen");
    refuses(changed("listen: [10.0.0.9:6004]", "listn: [10.0.0.9:6004]"), "groups[1].listn");
    refuses(changed("key-file: bob.key", "key: bob.key"), "listener.vault.key is unknown");
    refuses(changed(", key-file: bob.key", ""), "listener.vault needs a key-file");
    refuses(changed("sip:bob@example.org", "''"), "listener.identity");
  }
}

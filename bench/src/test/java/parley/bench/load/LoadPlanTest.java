package parley.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.bench.rig.GatewayFile;
import parley.gateway.media.Leg;
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
    assertEquals(3, plan.groups().size());
    LoadPlan.Group fire = plan.groups().getFirst();
    assertEquals("10.0.0.7:5004", GatewayFile.shown(fire.to()));
    assertEquals(MediaSuite.AEAD_AES_128_GCM, fire.profile());
    assertEquals(2, fire.listen().size());
    assertEquals(Path.of("/plans/alice.vault"), fire.talker().vault());
    assertEquals(Leg.unicast(new InetSocketAddress("10.0.0.9", 6002)), fire.listen().getLast());
    LoadPlan.Group medics = plan.groups().get(1);
    assertEquals("sip:carol@example.org", medics.talker().identity().uri());
    assertEquals(Path.of("/plans/carol.pass"), medics.talker().passphraseFile());
    assertEquals("sip:bob@example.org", medics.listener().identity().uri());
    List<Leg> rescue = plan.groups().getLast().listen();
    assertEquals(
        Collections.nCopies(
            10, Leg.multicast(new InetSocketAddress("239.20.0.1", 5004), "eth1", 1)),
        rescue);
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
    refuses(changed("239.20.0.1:5004", "10.0.0.9:6008"), "listen[0].multicast is no multicast");
    refuses(changed(", interface: eth1", ""), "groups[2].listen[0].interface is missing");
    refuses(changed("listeners: 10", "listeners: 0"), "groups[2].listen[0].listeners");
    refuses(changed("listeners: 10", "count: 10"), "groups[2].listen[0].count is unknown");
    refuses(changed("key-file: bob.key", "key: bob.key"), "listener.vault.key is unknown");
    refuses(changed(", key-file: bob.key", ""), "listener.vault needs a key-file");
    refuses(changed("sip:bob@example.org", "''"), "listener.identity");
  }
}

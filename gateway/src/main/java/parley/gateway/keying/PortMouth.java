package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/// MIKEY's own port, from which a [Registrar] speaks; `teller` gets its sentences.
public record PortMouth(MikeyPort port, Consumer<String> teller) implements Registrar.Mouth {
  @Override
  public EventLoop loop() {
    return port.loop();
  }

  @Override
  public InetSocketAddress heardAt(InetSocketAddress manager) {
    return OwnAddress.towards(manager, port.local());
  }

  @Override
  public void say(byte[] octets, InetSocketAddress to) {
    port.say(octets, to);
  }

  @Override
  public void tell(String sentence) {
    teller.accept(sentence);
  }
}

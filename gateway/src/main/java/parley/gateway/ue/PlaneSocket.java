package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import parley.gateway.GroupPlane;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;

/// The first socket of a listener's plane, whose ear is told.
record PlaneSocket(GroupPlane plane, Ear ear) implements JoinedSocket {
  @Override
  public Identity group() {
    return plane.media().group();
  }

  @Override
  public EventLoop loop() {
    return plane.media().loop();
  }

  @Override
  public void say(byte[] octets, InetSocketAddress to) {
    plane.media().say(octets, to);
  }

  @Override
  public void vouch(List<Octets> running) {
    plane.keying().vouch(running);
  }

  @Override
  public void joined(String sentence) {
    ear.relay(sentence);
  }

  @Override
  public void notJoined(String why, String then) {
    ear.relay(why + then);
  }
}

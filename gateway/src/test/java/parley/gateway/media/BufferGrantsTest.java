package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What the kernel grants is told by the socket itself, in octets as they were asked for.
@ParameterizedClass
@EnumSource(DatagramIo.class)
class BufferGrantsTest {
  private static final int WANTED = 65_536;
  private static final int LESS = 32_768;

  private final DatagramChannel channel;
  private final BufferGrants grants;

  BufferGrantsTest(DatagramIo io) {
    assumeTrue(io != DatagramIo.EPOLL || Epoll.isAvailable(), "not Linux");
    channel = io.channel(SocketProtocolFamily.INET, 64);
    grants = new BufferGrants(io, WANTED);
  }

  @AfterEach
  void close() {
    channel.unsafe().closeForcibly();
  }

  @Test
  void whatWasGrantedIsNotSpokenOf() {
    channel.config().setReceiveBufferSize(WANTED).setSendBufferSize(WANTED);
    assertThat(grants.newAdvice(channel.config())).isEmpty();
  }

  @Test
  void whatWasCutIsSaidOnceWithTheCommand() {
    channel.config().setReceiveBufferSize(LESS).setSendBufferSize(LESS);
    assertThat(grants.newAdvice(channel.config()))
        .satisfiesExactly(
            a ->
                assertThat(a)
                    .contains("receive buffer of 32768 octets and asked for 65536")
                    .endsWith("sysctl -w net.core.rmem_max=65536"),
            a ->
                assertThat(a)
                    .contains("send buffer of 32768 octets")
                    .endsWith("sysctl -w net.core.wmem_max=65536"));
    assertThat(grants.newAdvice(channel.config())).isEmpty();
  }
}

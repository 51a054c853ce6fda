package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The decrypted packets as a capture file (pcapng, draft-ietf-opsawg-pcapng), in the order and at
/// the times they came.
///
/// Ethernet, IP and UDP around them are made up: from 192.0.2.1 to 192.0.2.2 (RFC 5737), RTP to
/// port 5004, RTCP to port 5005. A comment on the file and on each stream's first packet says who
/// speaks.
final class PcapngExporter implements Exporter {
  private static final int SECTION_HEADER = 0x0A0D0D0A;
  private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  private static final int INTERFACE = 1;
  private static final int ENHANCED_PACKET = 6;
  private static final short COMMENT = 1;
  private static final short INTERFACE_NAME = 2;
  private static final short TIME_RESOLUTION = 9;
  private static final short LINK_ETHERNET = 1;
  private static final int RTP_PORT = 5004;
  private static final int RTCP_PORT = 5005;

  private final OutputFile out;
  private final RecordingHeader header;
  private final Set<Integer> streams = new HashSet<>();

  PcapngExporter(OutputFile out, RecordingHeader header) throws IOException {
    this.out = out;
    this.header = header;
    writeSectionHeader();
    writeInterface();
  }

  @Override
  public void rtp(RtpFrame frame) throws IOException {
    boolean isFirst = streams.add(frame.ssrc());
    String comment = isFirst ? "SSRC %08x: %s".formatted(frame.ssrc(), header.speaker()) : "";
    writePacket(frame.receivedNanos(), RTP_PORT, frame.packet(), comment);
  }

  @Override
  public void rtcp(long receivedNanos, byte[] packet) throws IOException {
    writePacket(receivedNanos, RTCP_PORT, packet, "");
  }

  @Override
  public List<Path> finish() throws IOException {
    return List.of(out.finish());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void writeSectionHeader() throws IOException {
    String comment =
        "talker %s, group %s, CSB ID %08x, started %s"
            .formatted(header.speaker(), header.group(), header.csbId(), header.started());
    ByteBuffer block = begin(64 + comment.length() * 4);
    block.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    option(block, COMMENT, comment.getBytes(StandardCharsets.UTF_8));
    end(SECTION_HEADER, block);
  }

  private void writeInterface() throws IOException {
    ByteBuffer block = begin(128);
    block.putShort(LINK_ETHERNET).putShort((short) 0).putInt(0);
    option(block, INTERFACE_NAME, "recording".getBytes(StandardCharsets.UTF_8));
    option(block, TIME_RESOLUTION, new byte[] {9}); // 10^-9 s
    end(INTERFACE, block);
  }

  private void writePacket(long nanos, int port, byte[] payload, String comment)
      throws IOException {
    byte[] frame = SyntheticFrame.udp(payload, port);
    ByteBuffer block = begin(64 + frame.length + comment.length() * 4);
    block.putInt(0).putInt((int) (nanos >>> 32)).putInt((int) nanos);
    block.putInt(frame.length).putInt(frame.length).put(frame);
    pad(block);
    if (!comment.isEmpty()) {
      option(block, COMMENT, comment.getBytes(StandardCharsets.UTF_8));
    }
    end(ENHANCED_PACKET, block);
  }

  private static ByteBuffer begin(int octets) {
    return ByteBuffer.allocate(octets + 32).order(ByteOrder.LITTLE_ENDIAN).position(8);
  }

  private void end(int type, ByteBuffer block) throws IOException {
    block.putInt(0); // opt_endofopt
    int length = block.position() + 4;
    block.putInt(length).putInt(0, type).putInt(4, length);
    byte[] octets = new byte[length];
    block.get(0, octets);
    out.write(octets);
  }

  private static void option(ByteBuffer block, short code, byte[] value) {
    block.putShort(code).putShort((short) value.length).put(value);
    pad(block);
  }

  private static void pad(ByteBuffer block) {
    while (block.position() % 4 != 0) {
      block.put((byte) 0);
    }
  }
}

package org.gridwarden.simulator.sip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message of SIP as a meter reads and writes it. Bounded by what this program's own office says.
 *
 * @param start its first line
 * @param fields each {@code Name: value}, in their order
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
public record SipPacket(String start, List<String> fields, byte[] body) {
  private static final int LONGEST_HEAD = 8_192;
  private static final int LONGEST_BODY = 64 << 10;
  private static final int STATUS_AT = 8; // behind "SIP/2.0 "

  /** Copies the fields. */
  public SipPacket {
    fields = List.copyOf(fields);
  }

  /** Whether it answers something. */
  public boolean isAnswer() {
    return start.startsWith("SIP/2.0 ");
  }

  /** The status of an answer; 0 where it is none. */
  public int status() {
    try {
      return isAnswer() ? Integer.parseInt(start.substring(STATUS_AT, STATUS_AT + 3)) : 0;
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  /** What a field says, by its long name. */
  public Optional<String> field(String name) {
    return all(name).stream().findFirst();
  }

  /** What all fields of a name say. */
  public List<String> all(String name) {
    String before = name.toLowerCase(Locale.ROOT) + ":";
    return fields.stream()
        .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(before))
        .map(f -> f.substring(before.length()).strip())
        .toList();
  }

  /** As it goes over the network; its length is said. */
  public byte[] bytes() {
    StringBuilder head = new StringBuilder(start).append("\r\n");
    fields.forEach(field -> head.append(field).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + body.length);
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  /**
   * The next one of a connection; empty lines before it are passed over.
   *
   * @throws IOException where the connection ends, or it is none
   */
  public static SipPacket read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    int blank = 0; // bytes of CRLF CRLF that were seen
    while (blank < 4) {
      int next = in.read();
      if (next < 0 || head.size() > LONGEST_HEAD) {
        throw new IOException("the connection has ended");
      }
      head.write(next);
      blank = next == (blank % 2 == 0 ? '\r' : '\n') ? blank + 1 : next == '\r' ? 1 : 0;
      if (head.size() == blank) { // nothing but empty lines so far
        if (blank % 2 == 0) {
          head.reset();
          blank = 0;
        }
      }
    }
    SipPacket packet = head(head.toByteArray());
    int length = packet.length().orElse(0);
    return new SipPacket(packet.start(), packet.fields(), in.readNBytes(length));
  }

  /**
   * The one that a datagram is.
   *
   * @throws IOException where it is none
   */
  public static SipPacket of(byte[] bytes, int length) throws IOException {
    for (int i = 0; i + 3 < length; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        SipPacket packet = head(Arrays.copyOf(bytes, i + 4));
        int size = Math.min(packet.length().orElse(length), length - i - 4);
        return new SipPacket(
            packet.start(), packet.fields(), Arrays.copyOfRange(bytes, i + 4, i + 4 + size));
      }
    }
    throw new IOException("a datagram is no message");
  }

  private static SipPacket head(byte[] bytes) throws IOException {
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n");
    if (lines.length == 0) {
      throw new IOException("a message has no start line");
    }
    List<String> fields = new ArrayList<>(Arrays.asList(lines).subList(1, lines.length));
    return new SipPacket(lines[0], fields, new byte[0]);
  }

  private Optional<Integer> length() throws IOException {
    Optional<String> said = field("content-length").or(() -> field("l"));
    try {
      int length = Integer.parseInt(said.orElse("0"));
      if (length < 0 || length > LONGEST_BODY) {
        throw new IOException("a body of " + length + " bytes");
      }
      return said.map(s -> length);
    } catch (NumberFormatException e) {
      throw new IOException("a length is none", e);
    }
  }
}

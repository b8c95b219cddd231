package org.gridwarden.channel.amqp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.gridwarden.core.MeterId;

/** A client that says what it is told to, frame by frame, whatever the protocol thinks of it. */
final class RawClient implements AutoCloseable {
  static final int OPEN = 0x10;
  static final int BEGIN = 0x11;
  static final int ATTACH = 0x12;
  static final int FLOW = 0x13;
  static final int TRANSFER = 0x14;
  static final int CLOSE = 0x18;

  private final Socket socket;

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) TestOffice.SOON.toMillis());
  }

  /** One that is proven, and open. */
  static RawClient open(TestOffice office, MeterId meter, byte[]... open) throws Exception {
    RawClient client = new RawClient(office.socket());
    client.say(Sasl.HEADER);
    byte[] password = TestOffice.password(meter).copy();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(0);
    plain.writeBytes(meter.value().getBytes(StandardCharsets.US_ASCII));
    plain.write(0);
    plain.writeBytes(password);
    client.say(Sasl.init(Sasl.PLAIN, plain.toByteArray()));
    client.say(Sasl.AMQP_HEADER);
    client.say(frame(OPEN, open.length == 0 ? new byte[][] {string(meter.value())} : open));
    client.read(Frames.HEAD); // SASL's header
    client.frame(); // mechanisms
    if (Sasl.outcome(client.frame()) != Sasl.OK) {
      throw new IOException("refused");
    }
    client.read(Frames.HEAD);
    client.frame(); // open
    return client;
  }

  /** Begins a session, and a link that sends to an address. */
  void attach(String address) throws IOException {
    say(frame(BEGIN, nothing(), uint(0), uint(100), uint(100)));
    say(
        frame(
            ATTACH,
            string("link"),
            uint(0),
            new byte[] {0x42}, // it sends
            nothing(),
            nothing(),
            Reduced.list(0x28, 1, nothing()),
            Reduced.list(0x29, 1, string(address)),
            nothing(),
            nothing(),
            uint(0)));
    frame(); // begin
    frame(); // attach
  }

  /** A transfer of a whole message, or of a piece. */
  static byte[] transfer(int id, boolean more, byte[] payload) {
    return frame(
        payload,
        TRANSFER,
        uint(0),
        uint(id),
        new byte[] {(byte) 0xA0, 1, (byte) id},
        uint(0),
        new byte[] {0x42},
        new byte[] {(byte) (more ? 0x41 : 0x42)});
  }

  static byte[] frame(int performative, byte[]... fields) {
    return frame(new byte[] {}, performative, fields);
  }

  static byte[] frame(byte[] payload, int performative, byte[]... fields) {
    ByteArrayOutputStream items = new ByteArrayOutputStream();
    for (byte[] field : fields) {
      items.writeBytes(field);
    }
    byte[] body = Reduced.list(performative, fields.length, items.toByteArray());
    ByteBuffer out = ByteBuffer.allocate(Frames.HEAD + body.length + payload.length);
    out.putInt(out.capacity()).put((byte) 2).put((byte) 0).putShort((short) 0);
    return out.put(body).put(payload).array();
  }

  static byte[] nothing() {
    return new byte[] {0x40};
  }

  static byte[] uint(int value) {
    return ByteBuffer.allocate(5).put((byte) 0x70).putInt(value).array();
  }

  static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + bytes.length)
        .put((byte) 0xA1)
        .put((byte) bytes.length)
        .put(bytes)
        .array();
  }

  void say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  byte[] read(int length) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The next frame, with its head. */
  byte[] frame() throws IOException {
    byte[] head = read(Frames.HEAD);
    int size = ByteBuffer.wrap(head).getInt();
    byte[] frame = Arrays.copyOf(head, size);
    System.arraycopy(read(size - Frames.HEAD), 0, frame, Frames.HEAD, size - Frames.HEAD);
    return frame;
  }

  /** What the other end says when it closes; it closes then. */
  String closed() throws IOException {
    while (true) {
      byte[] frame = frame();
      if (frame.length > Frames.HEAD + 2 && frame[Frames.HEAD + 2] == CLOSE) {
        return new String(frame, StandardCharsets.ISO_8859_1);
      }
    }
  }

  /** Reads to the end. */
  byte[] rest() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

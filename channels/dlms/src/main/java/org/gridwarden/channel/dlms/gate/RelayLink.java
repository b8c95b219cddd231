package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.gridwarden.dlms.ApduLink;

/** The gate's way to a meter, carried by the head-end. One thread at a time. */
final class RelayLink implements ApduLink {
  private final InputStream in;
  private final OutputStream out;
  private byte[] last = {};

  RelayLink(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The last APDU that came. */
  byte[] last() {
    return last.clone();
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    new GateFrame(GateFrame.Kind.SEND, apdu).to(out);
  }

  @Override
  public byte[] receive(Duration patience) throws IOException {
    int millis = (int) Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE);
    new GateFrame(GateFrame.Kind.WANT, ByteBuffer.allocate(4).putInt(millis).array()).to(out);
    GateFrame answer = GateFrame.from(in);
    return switch (answer.kind()) {
      case CAME -> {
        last = answer.content();
        yield last.clone();
      }
      case NONE -> throw new SocketTimeoutException("the meter did not answer");
      default -> throw new IOException("the head-end answered with " + answer.kind());
    };
  }

  /** The connection is the caller's to close. */
  @Override
  public void close() {}
}

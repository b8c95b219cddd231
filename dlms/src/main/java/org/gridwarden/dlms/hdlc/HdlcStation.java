package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;

/**
 * A physical device on an HDLC line (IEC 62056-46): a secondary station that answers several
 * clients of several logical devices, each in a connection of its own. Speaks only when it was
 * polled. Not thread-safe: one object serves one line.
 */
public final class HdlcStation {
  private static final int MAX_CONNECTIONS = 16;
  private static final int BUFFER = 512;
  private static final byte[] NOTHING = {};

  private final ApduService.Directory directory;
  private final OptionalInt physicalDevice;
  private final HdlcSettings settings;
  private final FrameReader reader = new FrameReader();
  private final Map<Ends, Connection> connections = new LinkedHashMap<>();

  private static final class Connection {
    private final Secondary secondary;
    private long heardAt;

    Connection(Secondary secondary) {
      this.secondary = secondary;
    }
  }

  /**
   * @param physicalDevice the lower HDLC address, 0 to 16,383; empty where it is alone on the line
   *     and answers whatever lower address it is called by
   */
  public HdlcStation(
      ApduService.Directory directory, OptionalInt physicalDevice, HdlcSettings settings) {
    this.directory = directory;
    this.physicalDevice = physicalDevice;
    this.settings = settings;
  }

  /** Whether any client is connected. */
  public boolean isConnected() {
    return !connections.isEmpty();
  }

  /**
   * Takes bytes from the line.
   *
   * @param now a time in nanoseconds that only goes ahead
   * @return what is sent back; often nothing
   */
  public byte[] hear(byte[] bytes, int from, int length, long now) {
    reader.feed(bytes, from, length);
    return take(now);
  }

  /**
   * Nothing came for a while: what had begun is no frame, and connections that were silent for too
   * long are dropped, with what stands above them.
   *
   * @param now as for {@link #hear}
   */
  public byte[] silence(long now) {
    expire(now);
    reader.silence();
    byte[] out = take(now);
    reader.resume();
    return out;
  }

  private void expire(long now) {
    long longest = settings.inactivity().toNanos();
    connections.values().removeIf(connection -> now - connection.heardAt >= longest);
  }

  private byte[] take(long now) {
    Optional<HdlcFrame> frame = reader.next();
    if (frame.isEmpty()) {
      return NOTHING;
    }
    expire(now);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // all that came is heard before anything is said: a poll that came twice is answered once
    for (; frame.isPresent(); frame = reader.next()) {
      hear(frame.get(), now, out);
    }
    for (Connection connection : connections.values()) {
      connection.secondary.turn(out);
    }
    connections.values().removeIf(connection -> connection.secondary.isDisconnected());
    return out.toByteArray();
  }

  private void hear(HdlcFrame frame, long now, ByteArrayOutputStream out) {
    if (frame.source().bytes() == 0) {
      return; // nobody to answer
    }
    LinkAddress called = frame.destination();
    if (Stations.isAll(called)) {
      broadcast(frame);
      return;
    }
    if (called.bytes() > 1
        && physicalDevice.isPresent()
        && called.lower() != physicalDevice.getAsInt()
        && !Stations.isCalling(called)) {
      return; // another device's
    }
    Ends ends = new Ends(frame.source(), own(called));
    Connection connection = connections.get(ends);
    if (connection == null) {
      boolean shared = physicalDevice.isPresent() && called.bytes() == 1;
      if (shared && directory.open(called.upper(), frame.source().upper()).isEmpty()) {
        return; // an address without a lower part, and it is not ours: another device's
      }
      connection =
          new Connection(
              new Secondary(
                  ends, settings, () -> directory.open(called.upper(), frame.source().upper())));
      if (connections.size() < MAX_CONNECTIONS) {
        connections.put(ends, connection);
      } else {
        // too many are open, which is not for ever: this one is told that it has none
        refuse(ends, frame, out);
        return;
      }
    }
    connection.heardAt = now;
    connection.secondary.hear(frame, out);
  }

  /** As it was called, but for who asked for any device's address. */
  private LinkAddress own(LinkAddress called) {
    return Stations.isCalling(called) && physicalDevice.isPresent()
        ? new LinkAddress(called.upper(), physicalDevice.getAsInt(), called.bytes())
        : called;
  }

  private static void refuse(Ends ends, HdlcFrame frame, ByteArrayOutputStream out) {
    if (Control.of(frame.control()).poll()) {
      out.writeBytes(ends.frame(Control.Type.DM.with(true)));
    }
  }

  /** To all stations: unconfirmed, and never answered (clause 6.4.2.4). */
  private void broadcast(HdlcFrame frame) {
    if (Control.of(frame.control()) instanceof Control.Unnumbered(Control.Type type, boolean _)
        && type == Control.Type.UI) {
      connections.forEach((ends, connection) -> {
        if (ends.destination().equals(frame.source())) {
          connection.secondary.notified(frame);
        }
      });
    }
  }

  /**
   * Serves a line until it ends, or until nobody is connected and nothing came for so long.
   *
   * @param idle how long a line is kept on which nobody has connected yet
   * @param linger how long it is kept after the last connection has ended
   * @return false where the line has ended
   * @throws IOException where the line breaks
   */
  public boolean serve(ByteLine line, Duration idle, Duration linger) throws IOException {
    byte[] buffer = new byte[BUFFER];
    boolean connected = false;
    long heard = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      connected |= isConnected();
      long wait = reader.isPartial() ? settings.interOctet().toNanos() : untilExpiry(now);
      if (!isConnected()) {
        long left = heard + (connected ? linger : idle).toNanos() - now;
        if (left <= 0) {
          return true;
        }
        wait = Math.min(wait, left);
      }
      int count = line.read(buffer, 0, buffer.length, Duration.ofNanos(Math.max(1, wait)));
      if (count < 0) {
        return false;
      }
      now = System.nanoTime();
      byte[] answer;
      if (count > 0) {
        answer = hear(buffer, 0, count, now);
        // noise keeps no line
        heard = answer.length > 0 ? now : heard;
      } else {
        answer = silence(now);
      }
      if (answer.length > 0) {
        line.write(answer);
      }
    }
  }

  private long untilExpiry(long now) {
    long wait = settings.inactivity().toNanos();
    for (Connection connection : connections.values()) {
      wait = Math.min(wait, connection.heardAt + settings.inactivity().toNanos() - now);
    }
    return wait;
  }
}

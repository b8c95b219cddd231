package org.gridwarden.simulator.zigbee.xbee;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.net.NetworkKey;
import org.gridwarden.simulator.zigbee.net.TrustCentre;
import org.gridwarden.simulator.zigbee.net.Zdo;
import org.gridwarden.simulator.zigbee.radio.Timeline;

/**
 * An XBee module as coordinator, as far as its driver asks; a software model. Whoever has the link
 * key that the host sets comes in, and that is the one that everybody knows. On the model's thread
 * only.
 */
public final class XBeeModule {
  private static final int AT = 0x08;
  private static final int AT_QUEUED = 0x09;
  private static final int TRANSMIT = 0x11;
  private static final int AT_RESPONSE = 0x88;
  private static final int MODEM_STATUS = 0x8A;
  private static final int TRANSMIT_STATUS = 0x8B;
  private static final int RECEIVED = 0x91;

  private static final int WATCHDOG_RESET = 0x01;
  private static final int COORDINATOR_STARTED = 0x06;
  private static final int SECURED = 0x20;
  private static final int BROADCAST = 0xFFF8;
  private static final int PAN = 0x1A62;
  private static final long EXTENDED_PAN = 0x000A_0B0CL;
  private static final int MOST = 73;
  private static final long BOOT_MICROS = 150_000;

  private final TrustCentre centre;
  private final Consumer<byte[]> host;
  private final Timeline time;
  private final Map<String, byte[]> settings = new HashMap<>();
  private final byte[] networkKey = new byte[16];
  private boolean formed;
  private boolean up;

  /**
   * @param host takes frames' data; at once
   */
  public XBeeModule(Net net, long eui64, Consumer<byte[]> host) {
    this.host = host;
    this.time = net.air().time();
    net.air().random().nextBytes(networkKey);
    this.centre =
        new TrustCentre(
            net,
            eui64,
            new TrustCentre.Listener() {
              @Override
              public void data(int from, ApsFrame frame) {
                received(from, frame);
              }

              @Override
              public void device(int address, long name, int status, int decision, int by) {
                // the module tells nothing of it
              }
            });
    centre.aps().node().mac().station().off(true);
    settings.put("HV", new byte[] {0x1E, 0x44});
    settings.put("VR", new byte[] {0x40, 0x61});
    settings.put("VL", "model".getBytes(StandardCharsets.US_ASCII));
    settings.put("SH", ByteBuffer.allocate(4).putInt((int) (eui64 >>> 32)).array());
    settings.put("SL", ByteBuffer.allocate(4).putInt((int) eui64).array());
    settings.put("OI", new byte[] {PAN >> 8, PAN & 0xFF});
    settings.put("OP", ByteBuffer.allocate(8).putLong(EXTENDED_PAN).array());
    settings.put("CH", new byte[] {0x0F});
  }

  /** Its trust centre. */
  public TrustCentre centre() {
    return centre;
  }

  /** Whether its network is up. */
  public boolean up() {
    return up;
  }

  /** Takes a frame's data from the host. */
  public void take(byte[] data) {
    if (data.length >= 4 && (data[0] == AT || data[0] == AT_QUEUED)) {
      String name = new String(data, 2, 2, StandardCharsets.US_ASCII);
      command(data[1], name, Arrays.copyOfRange(data, 4, data.length));
    } else if (data.length >= 20 && data[0] == TRANSMIT) {
      transmit(data);
    }
  }

  private void command(byte frame, String name, byte[] value) {
    boolean asks = value.length == 0 && settings.containsKey(name);
    byte[] told = asks ? settings.getOrDefault(name, new byte[0]) : new byte[0];
    host.accept(
        ByteBuffer.allocate(5 + told.length)
            .put((byte) AT_RESPONSE)
            .put(frame)
            .put(name.getBytes(StandardCharsets.US_ASCII))
            .put((byte) 0)
            .put(told)
            .array());
    switch (name) {
      case "FR" -> {
        up = false;
        centre.permit(0);
        centre.aps().node().mac().station().off(true);
        // it boots anew: drivers begin to listen for that once they have the answer
        time.after(BOOT_MICROS, () -> status(WATCHDOG_RESET));
      }
      case "EE" -> {
        if (value.length > 0 && !up) {
          start();
        }
      }
      case "KY" -> {
        if (value.length == 16) {
          centre.everybodysKey(value);
        }
      }
      default -> {
        if (value.length > 0) {
          settings.put(name, value);
        }
      }
    }
  }

  private void start() {
    if (!formed) {
      centre.aps().node().form(PAN, new NetworkKey(networkKey, 0));
      formed = true;
    }
    up = true;
    centre.aps().node().mac().station().off(false);
    status(COORDINATOR_STARTED);
  }

  private void status(int status) {
    host.accept(new byte[] {(byte) MODEM_STATUS, (byte) status});
  }

  private void transmit(byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data);
    in.get();
    byte number = in.get();
    in.getLong();
    int to = in.getShort() & 0xFFFF;
    int fromEndpoint = in.get() & 0xFF;
    int toEndpoint = in.get() & 0xFF;
    int cluster = in.getShort() & 0xFFFF;
    int profile = in.getShort() & 0xFFFF;
    in.get();
    boolean secured = (in.get() & SECURED) != 0;
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    if (to == 0) {
      if (profile == 0 && cluster == Zdo.PERMIT_JOINING && payload.length >= 2) {
        centre.permit((payload[1] & 0xFF) * 1_000_000L);
      }
      sent(number, to, true);
      return;
    }
    boolean broadcast = to >= BROADCAST;
    ApsFrame frame =
        new ApsFrame(
            ApsFrame.Type.DATA,
            broadcast,
            !broadcast,
            secured && !broadcast,
            toEndpoint,
            cluster,
            profile,
            fromEndpoint,
            centre.aps().nextCounter(to),
            payload);
    if (!up
        || payload.length > MOST
        || !centre.aps().send(to, frame, done -> sent(number, to, done))) {
      sent(number, to, false);
    }
  }

  private void sent(byte number, int to, boolean done) {
    host.accept(
        ByteBuffer.allocate(7)
            .put((byte) TRANSMIT_STATUS)
            .put(number)
            .putShort((short) to)
            .put((byte) 0)
            .put((byte) (done ? 0 : 0x24)) // the address was not found
            .put((byte) 0)
            .array());
  }

  private void received(int from, ApsFrame frame) {
    Long name = centre.aps().names().get(from);
    host.accept(
        ByteBuffer.allocate(18 + frame.payload().length)
            .put((byte) RECEIVED)
            .putLong(name == null ? -1 : name)
            .putShort((short) from)
            .put((byte) frame.fromEndpoint())
            .put((byte) frame.toEndpoint())
            .putShort((short) frame.cluster())
            .putShort((short) frame.profile())
            .put((byte) (frame.broadcast() ? 2 : 1))
            .put(frame.payload())
            .array());
  }
}

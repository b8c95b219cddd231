package org.gridwarden.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.gridwarden.channel.dlms.SerialLine;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.TcpLine;
import org.gridwarden.dlms.UdpLink;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.hdlc.HdlcLink;
import org.gridwarden.dlms.hdlc.HdlcParameters;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.hdlc.ModeE;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Over which link a meter is asked: TCP, UDP or a serial line; in the wrapper or in HDLC. */
final class DlmsLinkOptions {
  /** A lost frame is sent again so often within the time for an answer. */
  private static final int RETRIES = 3;

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);

  @Option(names = "--host", paramLabel = "HOST", description = "The meter, on a network.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4059",
      description = "Its port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(names = "--udp", description = "Over UDP instead of TCP.")
  private boolean udp;

  @Option(names = "--hdlc", description = "HDLC frames over TCP, instead of the wrapper.")
  private boolean hdlc;

  @Option(
      names = "--serial",
      paramLabel = "DEV",
      description = "The meter, on a serial port such as /dev/ttyUSB0; in HDLC.")
  private @Nullable String serial;

  @Option(
      names = "--baud",
      paramLabel = "N",
      defaultValue = "9600",
      description = "Of the serial port; with --mode-e the most. Default: ${DEFAULT-VALUE}.")
  private int baud;

  @Option(names = "--mode-e", description = "Sign on at 300 baud first (IEC 62056-21, mode E).")
  private boolean modeE;

  @Option(
      names = "--device-address",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "With --mode-e: which device on the line. Default: whoever is there.")
  private String deviceAddress = "";

  @Option(
      names = "--client",
      paramLabel = "N",
      defaultValue = "16",
      description = "As which client. Default: ${DEFAULT-VALUE}, the public one.")
  private int client;

  @Option(
      names = "--server",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which logical device. Default: ${DEFAULT-VALUE}.")
  private int device;

  @Option(
      names = "--physical",
      paramLabel = "N",
      description = "In HDLC: the physical device; without it an address of one byte is used.")
  private @Nullable Integer physical;

  @Option(
      names = "--address-bytes",
      paramLabel = "N",
      defaultValue = "0",
      description = "In HDLC: 2 or 4 with --physical. Default: as few as hold the numbers.")
  private int addressBytes;

  @Option(
      names = "--max-info",
      paramLabel = "BYTES",
      defaultValue = "0",
      description =
          "In HDLC: the information field to ask for. Default: 2030; on a serial port 128.")
  private int maxInformation;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "0",
      description = "In HDLC: the window to ask for. Default: 7; on a serial port 1.")
  private int window;

  int client() {
    return client;
  }

  int device() {
    return device;
  }

  boolean isUdp() {
    return udp;
  }

  /** Whether what was given fits together; a {@link Failure} where not. */
  void check() {
    if ((host == null) == (serial == null)) {
      throw wrong("a meter is on a network, --host, or on a serial port, --serial");
    }
    if (serial != null && udp || udp && hdlc) {
      throw wrong("--udp carries the wrapper: no --hdlc or --serial beside it");
    }
    if (modeE && serial == null) {
      throw wrong("--mode-e is how a serial port begins: it goes with --serial");
    }
    if (isHdlc()) {
      address();
      settings(SHORTEST_WAIT);
    }
  }

  private boolean isHdlc() {
    return hdlc || serial != null;
  }

  /** For messages. */
  String place() {
    return serial != null ? serial : host + ":" + port;
  }

  ApduLink open(Duration timeout) throws IOException, DlmsException {
    String where = serial;
    if (where != null) {
      return overHdlc(serialLine(where, timeout), timeout);
    }
    InetSocketAddress meter = new InetSocketAddress(host == null ? "" : host, port);
    if (meter.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    if (udp) {
      return UdpLink.open(meter, client, device, UdpLink.MAX_APDU);
    }
    return hdlc
        ? overHdlc(TcpLine.connect(meter, timeout), timeout)
        : WrapperLink.connect(meter, client, device, timeout);
  }

  private ByteLine serialLine(String where, Duration timeout) throws IOException, DlmsException {
    ByteLine line = SerialLine.open(where, baud, ByteLine.Format.EIGHT_NONE);
    if (!modeE) {
      return line;
    }
    boolean open = false;
    try {
      ModeE.Client usual = ModeE.Client.DEFAULT;
      ModeE.signOn(
          line,
          new ModeE.Client(
              deviceAddress,
              baud,
              usual.patience().compareTo(timeout) > 0 ? timeout : usual.patience(),
              usual.confirmation(),
              usual.tries()));
      open = true;
      return line;
    } catch (IllegalArgumentException e) {
      throw wrong("--device-address, --baud: " + e.getMessage());
    } finally {
      if (!open) {
        line.close();
      }
    }
  }

  private ApduLink overHdlc(ByteLine line, Duration timeout) throws IOException, DlmsException {
    return HdlcLink.connect(line, LinkAddress.hdlc(client), address(), settings(timeout));
  }

  private LinkAddress address() {
    Integer lower = physical;
    try {
      if (client < 1 || client > 0x7F) {
        throw wrong("--client: in HDLC a client has a number of 1 to 127");
      }
      if (lower == null) {
        if (addressBytes > 1) {
          throw wrong("--address-bytes of more than 1 goes with --physical");
        }
        return LinkAddress.hdlc(device);
      }
      return addressBytes == 0
          ? LinkAddress.hdlc(device, lower)
          : new LinkAddress(device, lower, addressBytes);
    } catch (IllegalArgumentException e) {
      throw wrong("--server, --physical, --address-bytes: " + e.getMessage());
    }
  }

  private HdlcSettings settings(Duration timeout) {
    HdlcSettings usual = serial != null ? HdlcSettings.SERIAL : HdlcSettings.NETWORK;
    HdlcParameters offer = usual.offered();
    int bytes = maxInformation == 0 ? offer.maxTransmit() : maxInformation;
    int frames = window == 0 ? offer.windowTransmit() : window;
    Duration each = timeout.dividedBy(RETRIES + 1L);
    try {
      return usual
          .offering(new HdlcParameters(bytes, bytes, frames, frames))
          .waiting(each.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : each, RETRIES);
    } catch (IllegalArgumentException e) {
      throw wrong("--max-info, --window: " + e.getMessage());
    }
  }

  private static Failure wrong(String what) {
    return new Failure(what, Gridwarden.WRONG_INPUT);
  }
}

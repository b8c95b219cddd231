package org.gridwarden.channel.dlms;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkInfo;

/**
 * The section {@code channels.dlms} of the configuration, checked.
 *
 * @param tcp where to listen for TCP without TLS
 * @param tls where to listen for TCP with mutual TLS
 * @param udp where to listen for datagrams
 * @param dtls where to listen for datagrams under mutual DTLS
 * @param serial which serial ports to read
 * @param limits what a session may take
 * @param gate the last gate before meters without a desk; without one they are sent no command
 */
record DlmsSettings(
    Optional<Listener> tcp,
    Optional<Listener> tls,
    Optional<Listener> udp,
    Optional<Listener> dtls,
    List<SerialLine> serial,
    Limits limits,
    Optional<Gate> gate) {
  /** The port that IANA gives to DLMS/COSEM. */
  static final int PORT = 4059;

  /** Where meters come by TLS, and by DTLS: IANA gives no port to that. */
  static final int TLS_PORT = 4060;

  /** Eight bytes that name the office where the configuration does not: GWRDOFCE. */
  private static final byte[] OFFICE = {'G', 'W', 'R', 'D', 'O', 'F', 'C', 'E'};

  /** Which framings a line may have; empty stands for {@code auto}. */
  record Link(Optional<LinkInfo.Kind> kind) {
    LinkDecoder decoder(int maxApdu) {
      return kind.map(k -> LinkDecoder.of(k, maxApdu)).orElseGet(() -> LinkDecoder.auto(maxApdu));
    }
  }

  /**
   * A last gate.
   *
   * @param socket where it listens
   * @param key the file of its public key
   * @param client the management client's number, which it is at the meters
   * @param folder the gate's own, where this process is to start it; empty where somebody else does
   */
  record Gate(Path socket, Path key, int client, Optional<Path> folder) {}

  /** A network listener. Port 0 takes any free one. */
  record Listener(String bind, int port, Link link) {}

  /**
   * A serial port.
   *
   * @param meter the meter at its end, for plain pushes that name none; empty where unknown
   */
  record SerialLine(String device, int speed, Parity parity, Link link, Optional<String> meter) {}

  /** A serial port's parity. */
  enum Parity {
    NONE,
    EVEN,
    ODD
  }

  /**
   * @param maxSessions how many connections one listener holds at most
   * @param maxApdu the greatest APDU, in bytes
   * @param inFlight how many pushes of one session may wait for their commit
   * @param firstMessage how long a connection may take until its first authentic push
   * @param idle how long an authenticated one may stay silent
   * @param clockSkew how far a meter's clock may be off before a warning says so
   * @param systemTitle the office's own, 8 bytes
   * @param patience how long an answer of a meter that is read is waited for
   * @param imageRate so many bytes of a firmware image go to one meter in a second, at most
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never changed
  record Limits(
      int maxSessions,
      int maxApdu,
      int inFlight,
      Duration firstMessage,
      Duration idle,
      Duration clockSkew,
      byte[] systemTitle,
      Duration patience,
      int imageRate) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static DlmsSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "tcp",
        "tls",
        "udp",
        "dtls",
        "plaintext",
        "serial",
        "maxSessions",
        "maxApdu",
        "inFlight",
        "firstMessage",
        "idle",
        "clockSkew",
        "patience",
        "imageRate",
        "systemTitle",
        "gate");
    if (!List.of("refused", "allowed").contains(top.text("plaintext").orElse("refused"))) {
      throw top.wrong("plaintext", "refused or allowed");
    }
    List<SerialLine> lines = new ArrayList<>();
    for (SettingsSection line : top.list("serial", "a list of ports, each with its device")) {
      line.only("device", "speed", "parity", "link", "meter");
      lines.add(
          new SerialLine(
              line.text("device").orElseThrow(() -> line.wrong("device", "the port's path")),
              line.number("speed", 9600, 300, 4_000_000),
              parity(line),
              link(line, "auto"),
              line.text("meter")));
    }
    return new DlmsSettings(
        listener(top, "tcp", PORT),
        listener(top, "tls", TLS_PORT),
        listener(top, "udp", PORT),
        listener(top, "dtls", TLS_PORT),
        List.copyOf(lines),
        new Limits(
            top.number("maxSessions", 50_000, 1, 1_000_000),
            top.number("maxApdu", LinkDecoder.DEFAULT_MAX_APDU, 64, 16 << 20),
            top.number("inFlight", 32, 1, 10_000),
            top.duration("firstMessage", Duration.ofSeconds(30)),
            top.duration("idle", Duration.ofMinutes(30)),
            top.duration("clockSkew", Duration.ofSeconds(60)),
            title(top),
            top.duration("patience", Duration.ofSeconds(10)),
            top.number("imageRate", 32_768, 64, 1 << 30)),
        top.section("gate").map(DlmsSettings::gate));
  }

  private static Gate gate(SettingsSection section) {
    section.only("socket", "key", "client", "folder");
    Optional<Path> folder = section.text("folder").map(Path::of);
    Path socket =
        section
            .text("socket")
            .map(Path::of)
            .or(() -> folder.map(f -> f.resolve("gate.socket")))
            .orElseThrow(() -> section.wrong("socket", "the path of the gate's socket"));
    Path key =
        section
            .text("key")
            .map(Path::of)
            .or(() -> folder.map(f -> f.resolve("gate-key.pub.pem")))
            .orElseThrow(() -> section.wrong("key", "the file of the gate's public key"));
    return new Gate(socket, key, section.number("client", 1, 1, 0xFFFF), folder);
  }

  private static Optional<Listener> listener(SettingsSection top, String name, int port) {
    return top.section(name)
        .map(section -> {
          section.only("bind", "port", "link");
          return new Listener(
              section.text("bind").orElse("0.0.0.0"),
              section.number("port", port, 0, 65_535),
              link(section, "wrapper"));
        });
  }

  private static Parity parity(SettingsSection line) {
    String word = line.text("parity").orElse("none").trim();
    for (Parity parity : Parity.values()) {
      if (parity.name().equalsIgnoreCase(word)) {
        return parity;
      }
    }
    throw line.wrong(
        "parity", "one of " + List.of(Parity.values()).toString().toLowerCase(Locale.ROOT));
  }

  private static Link link(SettingsSection section, String usual) {
    String word = section.text("link").orElse(usual).trim();
    if (word.equalsIgnoreCase("auto")) {
      return new Link(Optional.empty());
    }
    for (LinkInfo.Kind kind : LinkInfo.Kind.values()) {
      if (kind.word().equalsIgnoreCase(word)) {
        return new Link(Optional.of(kind));
      }
    }
    throw section.wrong("link", "one of auto, hdlc, wrapper, mbus, raw");
  }

  private static byte[] title(SettingsSection section) {
    Optional<String> text = section.text("systemTitle");
    if (text.isEmpty()) {
      return OFFICE;
    }
    try {
      byte[] title = HexFormat.of().parseHex(text.get().trim());
      if (title.length == 8) {
        return title;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw section.wrong("systemTitle", "16 hex digits");
  }
}

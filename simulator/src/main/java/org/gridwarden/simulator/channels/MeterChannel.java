package org.gridwarden.simulator.channels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;
import org.gridwarden.simulator.amqp.AmqpCarrier;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.coap.CoapCarrier;
import org.gridwarden.simulator.http.HttpCarrier;
import org.gridwarden.simulator.http.SocketCarrier;
import org.gridwarden.simulator.mqtt.MqttCarrier;
import org.gridwarden.simulator.sip.SipCarrier;
import org.gridwarden.simulator.xmpp.Prosody;
import org.gridwarden.simulator.xmpp.XmppCarrier;

/**
 * A channel that simulated meters know: how the office listens, and what carries the meters'
 * messages there. A new channel is one line of the table. DLMS is not in it: its meters are a
 * street of their own kind.
 *
 * @param name what people call it
 * @param section the section of the office's configuration, {@code channels.<section>}
 * @param listener the listener within it, without TLS
 * @param usualPort where that listens where nothing else is said
 * @param number its place among the channels, by which its meters are numbered: never changed
 * @param isDirect whether the office itself listens; else it joins another program's server, which
 *     must be started first
 * @param carrier what carries messages there
 */
public record MeterChannel(
    String name,
    String section,
    String listener,
    int usualPort,
    int number,
    boolean isDirect,
    Function<Target, Carrier> carrier) {
  private static final List<MeterChannel> TABLE =
      List.of(
          direct(
              "mqtt", "mqtt", "tcp", 1883, 1, to -> new MqttCarrier(to.at(), true, 1, to.dress())),
          direct("coap", "coap", "udp", 5683, 2, MeterChannel::coap),
          direct("http", "http", "tcp", 8084, 3, to -> new HttpCarrier(to.at(), to.dress())),
          direct("websocket", "http", "tcp", 8084, 4, to -> new SocketCarrier(to.at(), to.dress())),
          direct(
              "amqp",
              "amqp",
              "tcp",
              5672,
              5,
              to -> new AmqpCarrier(to.at(), AmqpLine.Guarantee.AT_LEAST_ONCE, to.dress())),
          new MeterChannel("xmpp", "xmpp", "c2s", 5222, 6, false, MeterChannel::xmpp),
          direct("sip", "sip", "tcp", 5060, 7, to -> SipCarrier.tcp(to.at(), to.dress())));

  /**
   * Where meters go.
   *
   * @param at the office's listener, or the server's that it has joined
   * @param certificate the file of what a server between shows; empty where there is none
   * @param dress what is laid over connections to the office itself
   * @param group what they hear beside, where their channel has groups; empty where nothing
   */
  public record Target(
      InetSocketAddress at, Optional<Path> certificate, Dress dress, Optional<Group> group) {
    /** The office's listener without TLS. */
    public static Target plain(InetSocketAddress at) {
      return dressed(at, Dress.NONE);
    }

    /** The office's listener under TLS. */
    public static Target dressed(InetSocketAddress at, Dress dress) {
      return new Target(at, Optional.empty(), dress, Optional.empty());
    }

    /** A server that the office has joined. */
    public static Target joined(InetSocketAddress at, Path certificate) {
      return new Target(at, Optional.of(certificate), Dress.NONE, Optional.empty());
    }

    /** The same, and a group is heard beside. */
    public Target hearing(Group other) {
      return new Target(at, certificate, dress, Optional.of(other));
    }
  }

  /**
   * A group that is spoken to by multicast.
   *
   * @param address its address, and the port
   * @param on the network interface that it is joined on
   */
  public record Group(InetSocketAddress address, NetworkInterface on) {}

  private static Carrier coap(Target office) {
    Carrier carrier = CoapCarrier.oscore(office.at());
    return office
        .group()
        .map(group -> CoapCarrier.hearing(carrier, group.address(), group.on()))
        .orElse(carrier);
  }

  private static MeterChannel direct(
      String name,
      String section,
      String listener,
      int usualPort,
      int number,
      Function<Target, Carrier> carrier) {
    return new MeterChannel(name, section, listener, usualPort, number, true, carrier);
  }

  private static Carrier xmpp(Target server) {
    Path certificate =
        server
            .certificate()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "meters over xmpp need the certificate that their server shows"));
    try {
      return XmppCarrier.trusting(server.at(), Prosody.DOMAIN, certificate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final int METERS_A_CHANNEL = 1_000_000;

  /** All of them, in their order. */
  public static List<MeterChannel> all() {
    return TABLE;
  }

  /** Those whose meters speak with the office itself. */
  public static List<MeterChannel> allDirect() {
    return TABLE.stream().filter(MeterChannel::isDirect).toList();
  }

  /** Why it cannot be had on this machine, with the remedy; empty where it can. */
  public Optional<String> missing() {
    return isDirect ? Optional.empty() : Prosody.missing().map(why -> name + ": " + why);
  }

  /** The one of a name. */
  public static Optional<MeterChannel> of(String name) {
    return TABLE.stream().filter(c -> c.name.equals(name.toLowerCase(Locale.ROOT))).findFirst();
  }

  /** The number before that of the channel's first meter: no two channels' meters have the same. */
  public int before() {
    return number * METERS_A_CHANNEL;
  }

  /** How its meters' serial numbers begin. */
  public String serials() {
    return "GW-" + number;
  }

  /** The section's listener without TLS, as the configuration has it, where the office listens. */
  public Map<String, Object> listening(String bind, int port) {
    return Map.of(listener, Map.of("bind", bind, "port", port));
  }
}

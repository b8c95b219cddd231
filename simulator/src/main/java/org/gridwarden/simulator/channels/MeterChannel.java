package org.gridwarden.simulator.channels;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.amqp.AmqpCarrier;
import org.gridwarden.simulator.coap.CoapCarrier;
import org.gridwarden.simulator.http.HttpCarrier;
import org.gridwarden.simulator.http.SocketCarrier;
import org.gridwarden.simulator.mqtt.MqttCarrier;
import org.gridwarden.simulator.sip.SipCarrier;

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
 * @param carrier what carries messages to a listener
 */
public record MeterChannel(
    String name,
    String section,
    String listener,
    int usualPort,
    int number,
    Function<InetSocketAddress, Carrier> carrier) {
  private static final List<MeterChannel> TABLE =
      List.of(
          new MeterChannel("mqtt", "mqtt", "tcp", 1883, 1, at -> new MqttCarrier(at, true)),
          new MeterChannel("coap", "coap", "udp", 5683, 2, CoapCarrier::oscore),
          new MeterChannel("http", "http", "tcp", 8084, 3, HttpCarrier::new),
          new MeterChannel("websocket", "http", "tcp", 8084, 4, SocketCarrier::new),
          new MeterChannel("amqp", "amqp", "tcp", 5672, 5, AmqpCarrier::new),
          new MeterChannel("sip", "sip", "tcp", 5060, 7, SipCarrier::tcp));

  private static final int METERS_A_CHANNEL = 1_000_000;

  /** All of them, in their order. */
  public static List<MeterChannel> all() {
    return TABLE;
  }

  /** The one of a name. */
  public static Optional<MeterChannel> of(String name) {
    return TABLE.stream().filter(c -> c.name.equals(name.toLowerCase(Locale.ROOT))).findFirst();
  }

  /** Their names, for people. */
  public static String names() {
    return TABLE.stream().map(MeterChannel::name).collect(Collectors.joining(", "));
  }

  /** The number before that of the channel's first meter: no two channels' meters have the same. */
  public int before() {
    return number * METERS_A_CHANNEL;
  }

  /** How its meters' serial numbers begin. */
  public String serials() {
    return "GW-" + number;
  }

  /** The section's listener without TLS, as the configuration has it. */
  public Map<String, Object> listening(String bind, int port) {
    return Map.of(listener, Map.of("bind", bind, "port", port));
  }
}

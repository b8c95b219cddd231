package org.gridwarden.bench.channels;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.amqp.AmqpCarrier;
import org.gridwarden.simulator.amqp.AmqpLine.Guarantee;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.simulator.channels.MeterChannel.Target;
import org.gridwarden.simulator.coap.CoapCarrier;
import org.gridwarden.simulator.http.HttpCarrier;
import org.gridwarden.simulator.http.WampCarrier;
import org.gridwarden.simulator.mqtt.MqttCarrier;

/**
 * What is measured: a channel with its quality of service. A new one is one line of the table.
 *
 * @param name what people call it
 * @param channel which channel it is of, as {@code --channels} has it
 * @param quality its quality of service, as {@code --qos} has it; empty where there is one alone
 * @param section the section of the office's configuration
 * @param listener the listener within it, where TLS is not asked for
 * @param acknowledged whether the meter hears of each message that it was stored
 * @param commanded whether orders reach the meter
 * @param carrier what carries messages to an office, by the time between two of them; empty for the
 *     street that speaks DLMS
 */
record Variant(
    String name,
    String channel,
    String quality,
    String section,
    String listener,
    boolean acknowledged,
    boolean commanded,
    Optional<BiFunction<Target, Duration, Carrier>> carrier) {
  static final String DLMS = "dlms";

  /**
   * Channels whose qualities of service are told apart below; all others are measured as they are.
   */
  private static final List<Variant> TABLE =
      List.of(
          new Variant(DLMS, DLMS, "", "dlms", "tcp", true, true, Optional.empty()),
          of(
              "http-polling",
              "http-polling",
              "",
              "http",
              "tcp",
              true,
              true,
              (office, every) -> HttpCarrier.polling(office.at(), every, office.dress())),
          of(
              "wamp",
              "wamp",
              "",
              "http",
              "tcp",
              true,
              true,
              (office, every) -> new WampCarrier(office.at(), office.dress())),
          of("mqtt-qos0", "mqtt", "0", "mqtt", "tcp", false, true, mqtt(0)),
          of("mqtt-qos1", "mqtt", "1", "mqtt", "tcp", true, true, mqtt(1)),
          of("mqtt-qos2", "mqtt", "2", "mqtt", "tcp", true, true, mqtt(2)),
          of("amqp-qos1", "amqp", "1", "amqp", "tcp", true, true, amqp(Guarantee.AT_LEAST_ONCE)),
          of("amqp-qos0", "amqp", "0", "amqp", "tcp", false, true, amqp(Guarantee.AT_MOST_ONCE)),
          of("amqp-qos2", "amqp", "2", "amqp", "tcp", true, true, amqp(Guarantee.EXACTLY_ONCE)),
          of(
              "coap-non",
              "coap",
              "non",
              "coap",
              "udp",
              false,
              false,
              plain(CoapCarrier::unconfirmed)),
          of("coap-con", "coap", "con", "coap", "udp", true, false, plain(CoapCarrier::plain)),
          of("coap-oscore", "coap", "con", "coap", "udp", true, true, plain(CoapCarrier::oscore)),
          of(
              "coap-dtls",
              "coap",
              "con",
              "coap",
              "dtls",
              true,
              true,
              plain(at -> CoapCarrier.sharedKey(at, Optional.empty()))));

  /** Those that have nothing of the kind; {@code coap-dtls} is the same with it. */
  private static final Set<String> BARE = Set.of("coap-non", "coap-con");

  private interface At {
    Carrier carrier(InetSocketAddress office);
  }

  private static BiFunction<Target, Duration, Carrier> plain(At at) {
    return (office, every) -> at.carrier(office.at());
  }

  private static BiFunction<Target, Duration, Carrier> mqtt(int qos) {
    return (office, every) -> new MqttCarrier(office.at(), true, qos, office.dress());
  }

  private static BiFunction<Target, Duration, Carrier> amqp(Guarantee guarantee) {
    return (office, every) -> new AmqpCarrier(office.at(), guarantee, office.dress());
  }

  private static Variant of(
      String name,
      String channel,
      String quality,
      String section,
      String listener,
      boolean acknowledged,
      boolean commanded,
      BiFunction<Target, Duration, Carrier> carrier) {
    return new Variant(
        name, channel, quality, section, listener, acknowledged, commanded, Optional.of(carrier));
  }

  /** All of them: those of the table, then every other channel that simulated meters know. */
  static List<Variant> all() {
    List<Variant> all = new ArrayList<>(TABLE);
    for (MeterChannel channel : MeterChannel.all()) {
      if (TABLE.stream().noneMatch(v -> v.channel.equals(channel.name()))) {
        all.add(
            of(
                channel.name(),
                channel.name(),
                "",
                channel.section(),
                channel.listener(),
                true,
                true,
                (office, every) -> channel.carrier().apply(office)));
      }
    }
    return List.copyOf(all);
  }

  /**
   * The listener of the office, as its configuration has it.
   *
   * @param tls whether TLS was asked for; those that are under it, or OSCORE, anyway have one
   */
  String where(boolean tls) {
    return section + "." + (tls && listener.equals("tcp") ? "tls" : listener);
  }

  /** Whether there is such a thing under TLS, DTLS or OSCORE. */
  boolean canBeSecure() {
    return !BARE.contains(name);
  }

  /** Why it cannot be measured on this machine, with the remedy; empty where it can. */
  Optional<String> missing() {
    return MeterChannel.of(channel).flatMap(MeterChannel::missing);
  }

  /** The one of a name. */
  static Optional<Variant> of(String name) {
    return all().stream().filter(v -> v.name.equals(name)).findFirst();
  }

  /**
   * Those that were asked for.
   *
   * @param channels names of channels or of variants with commas between them, or {@code all}
   * @param qualities qualities of service with commas between them, or {@code all}
   * @throws IllegalArgumentException naming what is not known
   */
  static List<Variant> chosen(String channels, String qualities) {
    List<String> wanted = words(channels);
    List<String> good = words(qualities);
    List<Variant> all = all();
    for (String word : wanted) {
      if (!word.equals("all")
          && all.stream().noneMatch(v -> v.name.equals(word) || v.channel.equals(word))) {
        throw new IllegalArgumentException(
            "'"
                + word
                + "' is no channel; there are "
                + String.join(", ", all.stream().map(Variant::name).toList())
                + ", and all");
      }
    }
    for (String word : good) {
      if (!word.equals("all") && all.stream().noneMatch(v -> v.quality.equals(word))) {
        throw new IllegalArgumentException(
            "'" + word + "' is no quality of service; there are 0, 1, 2, con, non, and all");
      }
    }
    List<Variant> chosen =
        all.stream()
            .filter(v ->
                wanted.contains("all") || wanted.contains(v.name) || wanted.contains(v.channel))
            .filter(v ->
                good.contains("all")
                    || v.quality.isEmpty()
                    || good.contains(v.quality)
                    || wanted.contains(v.name))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "no channel of " + channels + " has the quality " + qualities);
    }
    return chosen;
  }

  private static List<String> words(String text) {
    return List.of(text.toLowerCase(Locale.ROOT).split(",", -1)).stream()
        .map(String::trim)
        .toList();
  }
}

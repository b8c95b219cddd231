package org.gridwarden.channel.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * What an accepted client asked for.
 *
 * @param who it is
 * @param id its client id; where it gave none, its name
 * @param given whether it gave one
 * @param five whether it speaks MQTT 5
 * @param anew whether it begins a session anew
 * @param lasts whether its session outlives the connection
 * @param keepAlive in seconds; 0 for none
 * @param will what is to be told for it where its connection ends without a word
 */
record Client(
    Login.Who who,
    String id,
    boolean given,
    boolean five,
    boolean anew,
    boolean lasts,
    int keepAlive,
    Optional<Will> will) {
  private static final int FIVE = 5;
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  /**
   * A secured message that a meter leaves behind: a warning that its connection was lost.
   *
   * @param delay how long to wait whether it comes again
   */
  @SuppressWarnings("ArrayRecordComponent") // stays within the room, never changed
  record Will(MeterId meter, byte[] message, Duration delay) {}

  static boolean isFive(MqttConnectMessage connect) {
    return connect.variableHeader().version() == FIVE;
  }

  /**
   * Reads a CONNECT.
   *
   * @return empty where its will is for a topic that is not its own, or is to be retained
   */
  static Optional<Client> of(MqttConnectMessage connect, Login.Who who) {
    boolean five = isFive(connect);
    Optional<Will> will = Optional.empty();
    if (connect.variableHeader().isWillFlag()) {
      Optional<Topics.Place> place =
          Topics.up(String.valueOf(connect.payload().willTopic()))
              .filter(p -> who.speaksFor(p.meter()));
      if (place.isEmpty()
          || place.get().kind() != org.gridwarden.message.MessageClass.WARNING
          || five && connect.variableHeader().isWillRetain()) {
        return Optional.empty();
      }
      byte[] message = connect.payload().willMessageInBytes();
      will =
          Optional.of(
              new Will(
                  place.get().meter(),
                  message == null ? new byte[0] : message.clone(),
                  delay(connect)));
    }
    String id = Optional.ofNullable(connect.payload().clientIdentifier()).orElse("");
    boolean clean = connect.variableHeader().isCleanSession();
    boolean lasts =
        five
            ? number(connect.variableHeader().properties(), MqttProperties.SESSION_EXPIRY_INTERVAL)
                > 0
            : !clean;
    return Optional.of(
        new Client(
            who,
            id.isEmpty() ? who.name().value() : id,
            !id.isEmpty(),
            five,
            clean,
            lasts,
            connect.variableHeader().keepAliveTimeSeconds(),
            will));
  }

  private static Duration delay(MqttConnectMessage connect) {
    Duration wanted =
        Duration.ofSeconds(
            number(connect.payload().willProperties(), MqttProperties.WILL_DELAY_INTERVAL));
    return wanted.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : wanted;
  }

  private static long number(MqttProperties properties, int id) {
    return properties.getProperty(id) instanceof MqttProperties.IntegerProperty number
        ? number.value() & 0xFFFF_FFFFL
        : 0;
  }

  /** How long it may be silent: half as long again as it promised, and never above the cap. */
  Duration patience(Duration cap) {
    return Duration.ofMillis(granted(cap) * 1_500L);
  }

  /** The keep-alive time that it gets, in seconds. */
  int granted(Duration cap) {
    int most = (int) cap.toSeconds();
    return keepAlive == 0 ? most : Math.min(keepAlive, most);
  }
}

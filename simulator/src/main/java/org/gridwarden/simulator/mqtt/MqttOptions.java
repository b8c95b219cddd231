package org.gridwarden.simulator.mqtt;

import java.util.Optional;
import org.gridwarden.core.Secret;

/**
 * How a client connects.
 *
 * @param five MQTT 5, or 3.1.1
 * @param clientId its id
 * @param user its name; empty where its certificate says who it is
 * @param password its password
 * @param clean whether it begins a session anew
 * @param keepAliveSeconds 0 to 65,535
 * @param will what is published for it where its connection ends without a word
 */
public record MqttOptions(
    boolean five,
    String clientId,
    Optional<String> user,
    Optional<Secret> password,
    boolean clean,
    int keepAliveSeconds,
    Optional<Will> will) {
  /** A will, told at least once. */
  @SuppressWarnings("ArrayRecordComponent") // made for the client
  public record Will(String topic, byte[] message, int delaySeconds) {}

  /** MQTT 5 with a password, a session that lasts and no will. */
  public static MqttOptions of(String clientId, Secret password) {
    return new MqttOptions(
        true, clientId, Optional.of(clientId), Optional.of(password), false, 60, Optional.empty());
  }

  /** The same as MQTT 3.1.1. */
  public MqttOptions version3() {
    return new MqttOptions(false, clientId, user, password, clean, keepAliveSeconds, will);
  }

  /** The same with a will. */
  public MqttOptions with(Will value) {
    return new MqttOptions(
        five, clientId, user, password, clean, keepAliveSeconds, Optional.of(value));
  }

  @Override
  public String toString() {
    return "MqttOptions[" + clientId + ']';
  }
}

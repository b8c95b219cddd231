package org.gridwarden.channel.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.gridwarden.message.MessageException;

/** The packets that the office sends. Pure functions; reason codes are MQTT 5's (clause 2.4). */
final class Replies {
  static final byte SUCCESS = 0;
  static final byte UNSPECIFIED = (byte) 0x80;
  static final byte NOT_AUTHORIZED = (byte) 0x87;

  private static final byte IMPLEMENTATION_SPECIFIC = (byte) 0x83;
  private static final byte PAYLOAD_FORMAT_INVALID = (byte) 0x99;
  private static final int NO_SHARED_SUBSCRIPTIONS = 0x9E;
  private static final int REFUSED_BEFORE_5 = 0x80;
  private static final byte WITH_WILL = 4;

  private Replies() {}

  static MqttFixedHeader fixed(MqttMessageType type) {
    MqttQoS qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
    return new MqttFixedHeader(type, false, qos, false, 0);
  }

  private static MqttConnAckMessage answer(
      MqttConnectReturnCode code, boolean present, MqttProperties properties) {
    return new MqttConnAckMessage(
        fixed(MqttMessageType.CONNACK), new MqttConnAckVariableHeader(code, present, properties));
  }

  static MqttMessage refuse(boolean five) {
    return answer(
        five
            ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
            : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
        false,
        MqttProperties.NO_PROPERTIES);
  }

  static MqttMessage forbid(boolean five) {
    return answer(
        five
            ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
            : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
        false,
        MqttProperties.NO_PROPERTIES);
  }

  static MqttMessage busy(boolean five) {
    return answer(
        five
            ? MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED
            : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
        false,
        MqttProperties.NO_PROPERTIES);
  }

  /** For a CONNECT of a version that is not spoken here; nothing for other nonsense. */
  static Optional<MqttMessage> unacceptable(MqttMessage message) {
    return message.decoderResult().cause() instanceof MqttUnacceptableProtocolVersionException
        ? Optional.of(
            answer(
                MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
                false,
                MqttProperties.NO_PROPERTIES))
        : Optional.empty();
  }

  /** With MQTT 5, what this endpoint does not do is said at once. */
  static MqttMessage accept(Client client, boolean present, MqttSettings.Limits limits) {
    MqttProperties properties = new MqttProperties();
    if (client.five()) {
      number(properties, MqttProperties.RECEIVE_MAXIMUM, limits.inFlight());
      number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, limits.maxPacket());
      number(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, 0);
      number(properties, MqttProperties.RETAIN_AVAILABLE, 0);
      number(properties, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, 0);
      number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
      int granted = client.granted(limits.keepAlive());
      if (granted != client.keepAlive()) {
        number(properties, MqttProperties.SERVER_KEEP_ALIVE, granted);
      }
      if (!client.given()) {
        properties.add(
            new MqttProperties.StringProperty(
                MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, client.id()));
      }
    }
    return answer(MqttConnectReturnCode.CONNECTION_ACCEPTED, present, properties);
  }

  private static void number(MqttProperties properties, int id, int value) {
    properties.add(new MqttProperties.IntegerProperty(id, value));
  }

  /** PUBACK, or PUBREC for what is to come exactly once. */
  static MqttMessage acknowledge(MqttQoS qos, int id, byte reason, boolean five) {
    MqttMessageType type =
        qos == MqttQoS.EXACTLY_ONCE ? MqttMessageType.PUBREC : MqttMessageType.PUBACK;
    return new MqttMessage(
        fixed(type),
        five
            ? new MqttPubReplyMessageVariableHeader(id, reason, MqttProperties.NO_PROPERTIES)
            : MqttMessageIdVariableHeader.from(id));
  }

  static MqttMessage complete(int id) {
    return new MqttMessage(fixed(MqttMessageType.PUBCOMP), MqttMessageIdVariableHeader.from(id));
  }

  static MqttMessage release(int id) {
    return new MqttMessage(fixed(MqttMessageType.PUBREL), MqttMessageIdVariableHeader.from(id));
  }

  static MqttMessage subscribed(int id, List<Integer> granted) {
    return new MqttSubAckMessage(
        fixed(MqttMessageType.SUBACK),
        MqttMessageIdVariableHeader.from(id),
        new MqttSubAckPayload(granted));
  }

  static int noSubscription(boolean five, String filter) {
    return !five
        ? REFUSED_BEFORE_5
        : filter.startsWith("$share/") ? NO_SHARED_SUBSCRIPTIONS : NOT_AUTHORIZED & 0xFF;
  }

  static MqttMessage unsubscribed(int id, int filters, boolean five) {
    return new MqttUnsubAckMessage(
        fixed(MqttMessageType.UNSUBACK),
        MqttMessageIdVariableHeader.from(id),
        five
            ? new MqttUnsubAckPayload(Collections.nCopies(filters, (short) SUCCESS))
            : MqttUnsubAckPayload.withEmptyDefaults(null));
  }

  static MqttMessage publish(String topic, int id, byte[] payload) {
    return new MqttPublishMessage(
        new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_LEAST_ONCE, false, 0),
        new MqttPublishVariableHeader(topic, id),
        Unpooled.wrappedBuffer(payload));
  }

  /** How a message that is none, or not genuine, is answered. */
  static byte reason(MessageException.Kind kind) {
    return switch (kind) {
      case MALFORMED -> PAYLOAD_FORMAT_INVALID;
      case UNSUPPORTED -> IMPLEMENTATION_SPECIFIC;
      case UNAUTHENTICATED -> NOT_AUTHORIZED;
    };
  }

  /** Whether a client that takes its leave wants its will told all the same. */
  static boolean isWithWill(MqttMessage disconnect) {
    return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
        && header.reasonCode() == WITH_WILL;
  }
}

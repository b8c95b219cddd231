package org.gridwarden.simulator.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.gridwarden.core.Secret;

/**
 * A client that speaks MQTT 3.1.1 or 5 over a socket that it is given: publishes at any quality of
 * service, and hears. Thread-safe; a virtual thread reads.
 */
public final class MqttClient implements AutoCloseable {
  private static final int LONGEST = 1 << 20;
  private static final int CONNECTED = 0;
  private static final int IDS = 65_535;
  private static final int FAILED = 0x80;

  private final Socket socket;
  private final boolean five;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new MqttDecoder(LONGEST), MqttEncoder.INSTANCE);
  private final CompletableFuture<Connected> connected = new CompletableFuture<>();
  private final Map<Integer, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
  private final BiConsumer<String, byte[]> heard;
  private final AtomicInteger ids = new AtomicInteger();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * How a server answered a CONNECT.
   *
   * @param code 0 for yes
   * @param present whether it remembered the session
   * @param keepAlive what it says instead of what was asked for; -1 where it says nothing
   */
  public record Connected(int code, boolean present, int keepAlive) {}

  private MqttClient(Socket socket, boolean five, BiConsumer<String, byte[]> heard) {
    this.socket = socket;
    this.five = five;
    this.heard = heard;
  }

  /**
   * Connects; {@link #connected} says how it went.
   *
   * @param socket already connected, under TLS or not; the client closes it
   * @param heard gets topic and payload of what is published to it, one after the other
   */
  public static MqttClient open(
      Socket socket, MqttOptions options, BiConsumer<String, byte[]> heard) throws IOException {
    MqttClient client = new MqttClient(socket, options.five(), heard);
    socket.setTcpNoDelay(true);
    Thread.ofVirtual().name("mqtt-client").start(client::read);
    client.write(connect(options));
    return client;
  }

  private static MqttMessage connect(MqttOptions o) {
    MqttVersion version = o.five() ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1;
    MqttProperties properties = new MqttProperties();
    MqttProperties willProperties = new MqttProperties();
    if (o.five() && !o.clean()) {
      number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, 86_400);
    }
    if (o.five() && o.will().isPresent() && o.will().get().delaySeconds() > 0) {
      number(willProperties, MqttProperties.WILL_DELAY_INTERVAL, o.will().get().delaySeconds());
    }
    return new MqttConnectMessage(
        fixed(MqttMessageType.CONNECT, MqttQoS.AT_MOST_ONCE),
        new MqttConnectVariableHeader(
            version.protocolName(),
            version.protocolLevel(),
            o.user().isPresent(),
            o.password().isPresent(),
            false,
            o.will().isPresent() ? 1 : 0,
            o.will().isPresent(),
            o.clean(),
            o.keepAliveSeconds(),
            properties),
        new MqttConnectPayload(
            o.clientId(),
            willProperties,
            o.will().map(MqttOptions.Will::topic).orElse(null),
            o.will().map(MqttOptions.Will::message).orElse(null),
            o.user().orElse(null),
            o.password().map(Secret::copy).orElse(null)));
  }

  private static void number(MqttProperties properties, int id, int value) {
    properties.add(new MqttProperties.IntegerProperty(id, value));
  }

  private static MqttFixedHeader fixed(MqttMessageType type, MqttQoS qos) {
    return new MqttFixedHeader(type, false, qos, false, 0);
  }

  /** The server's answer; fails where the connection ended before it. */
  public CompletableFuture<Connected> connected() {
    return connected;
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /**
   * Publishes.
   *
   * @param qos 0 to 2
   * @return the reason code of its acknowledgement, below 128 where it was taken; at once 0 at
   *     quality 0; fails where the connection ends before it
   */
  public CompletableFuture<Integer> publish(String topic, byte[] payload, int qos)
      throws IOException {
    return publish(topic, payload, qos, false);
  }

  /** The same, to be retained. */
  public CompletableFuture<Integer> publish(String topic, byte[] payload, int qos, boolean retain)
      throws IOException {
    int id = ids.updateAndGet(n -> n % IDS + 1);
    CompletableFuture<Integer> done = new CompletableFuture<>();
    if (qos == 0) {
      done.complete(CONNECTED);
    } else {
      waiting.put(id, done);
    }
    write(
        new MqttPublishMessage(
            new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.valueOf(qos), retain, 0),
            new MqttPublishVariableHeader(topic, id),
            Unpooled.wrappedBuffer(payload)));
    return done;
  }

  /** Asks for a filter; completes with what was granted, 128 and above for nothing. */
  public CompletableFuture<Integer> subscribe(String filter, int qos) throws IOException {
    int id = ids.updateAndGet(n -> n % IDS + 1);
    CompletableFuture<Integer> done = new CompletableFuture<>();
    waiting.put(id, done);
    write(
        new MqttSubscribeMessage(
            fixed(MqttMessageType.SUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
            MqttMessageIdVariableHeader.from(id),
            new MqttSubscribePayload(
                List.of(new MqttTopicSubscription(filter, MqttQoS.valueOf(qos))))));
    return done;
  }

  /** Says that it is there. */
  public void ping() throws IOException {
    write(MqttMessage.PINGREQ);
  }

  private void write(MqttMessage message) throws IOException {
    synchronized (codec) {
      codec.writeOutbound(message);
      ByteBuf out = codec.readOutbound();
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      out.release();
      socket.getOutputStream().write(bytes);
      Arrays.fill(bytes, (byte) 0); // a CONNECT has a password in it
    }
  }

  private void read() {
    try {
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[8 * 1024];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        for (MqttMessage message = decode(bytes, length); ; message = decode(bytes, 0)) {
          if (message.fixedHeader() == null) {
            break;
          }
          take(message);
        }
      }
    } catch (IOException e) {
      // the connection has ended
    } finally {
      IOException why = new IOException("the connection has ended");
      connected.completeExceptionally(why);
      waiting.values().forEach(w -> w.completeExceptionally(why));
      cut();
      ended.complete(null);
    }
  }

  private static final MqttMessage NONE = new MqttMessage(null);

  private MqttMessage decode(byte[] bytes, int length) {
    synchronized (codec) {
      if (length > 0) {
        codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
      }
      return codec.readInbound() instanceof MqttMessage message ? message : NONE;
    }
  }

  private void take(MqttMessage message) throws IOException {
    switch (message.fixedHeader().messageType()) {
      case CONNACK -> {
        MqttConnAckMessage ack = (MqttConnAckMessage) message;
        MqttProperties.MqttProperty<?> keepAlive =
            ack.variableHeader().properties().getProperty(MqttProperties.SERVER_KEEP_ALIVE);
        connected.complete(
            new Connected(
                ack.variableHeader().connectReturnCode().byteValue() & 0xFF,
                ack.variableHeader().isSessionPresent(),
                keepAlive instanceof MqttProperties.IntegerProperty number ? number.value() : -1));
      }
      case PUBLISH -> publish((MqttPublishMessage) message);
      case PUBREC -> {
        int reason = reason(message);
        if (reason >= FAILED) {
          done(message, reason);
        } else {
          write(
              new MqttMessage(
                  fixed(MqttMessageType.PUBREL, MqttQoS.AT_LEAST_ONCE),
                  MqttMessageIdVariableHeader.from(id(message))));
        }
      }
      case PUBACK, PUBCOMP -> done(message, reason(message));
      case SUBACK -> done(message, ((MqttSubAckMessage) message).payload().reasonCodes().get(0));
      default -> {}
    }
  }

  private void publish(MqttPublishMessage message) throws IOException {
    byte[] payload = new byte[message.payload().readableBytes()];
    message.payload().readBytes(payload);
    message.release();
    if (message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
      write(
          new MqttMessage(
              fixed(MqttMessageType.PUBACK, MqttQoS.AT_MOST_ONCE),
              MqttMessageIdVariableHeader.from(message.variableHeader().packetId())));
    }
    heard.accept(message.variableHeader().topicName(), payload);
  }

  private static int id(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }

  private static int reason(MqttMessage message) {
    return message.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
        ? reply.reasonCode() & 0xFF
        : CONNECTED;
  }

  private void done(MqttMessage message, int reason) {
    CompletableFuture<Integer> who = waiting.remove(id(message));
    if (who != null) {
      who.complete(reason);
    }
  }

  /** Ends the connection without a word: its will is told. */
  public void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  /** Takes its leave. */
  @Override
  public void close() {
    try {
      write(MqttMessage.DISCONNECT);
    } catch (IOException e) {
      // it has gone before
    }
    cut();
  }

  @Override
  public String toString() {
    return "MqttClient[" + (five ? "5" : "3.1.1") + "]";
  }
}

package org.gridwarden.channel.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
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
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.gridwarden.core.Secret;
import org.gridwarden.message.Pipe;

/**
 * One connection with a broker, as its client in MQTT 5. What is published at quality 1 is
 * acknowledged when whoever takes it says so, and in the order in which it came (clause 4.6). One
 * thread reads; the rest is thread-safe.
 */
final class BrokerLine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PARTING = Duration.ofSeconds(1);
  private static final int KEEP_ALIVE = 60;
  private static final int ASK_EVERY = KEEP_ALIVE * 1_000 / 2;
  private static final int SILENCES = 3;
  private static final int IDS = 65_535;
  private static final int FAILED = 0x80;

  private final BrokerSettings settings;
  private final Socket socket;
  private final Pipe pipe;
  private final Packets packets;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
  private final ArrayDeque<Due> due = new ArrayDeque<>();
  private volatile boolean up;
  private volatile boolean closed;

  /** What is to be acknowledged, in its turn. */
  private static final class Due {
    private final int id;
    private boolean done;

    Due(int id) {
      this.id = id;
    }
  }

  /**
   * What came.
   *
   * @param acknowledge to be called once, when it needs not come again
   */
  @SuppressWarnings("ArrayRecordComponent") // made for who takes it
  record Delivery(String topic, byte[] payload, Runnable acknowledge) {}

  /** Takes what comes; may block, which holds up the broker. */
  interface Taker {
    void take(Delivery delivery) throws InterruptedException;
  }

  private BrokerLine(BrokerSettings settings, Socket socket) {
    this.settings = settings;
    this.socket = socket;
    this.pipe = new Pipe("mqtt-broker-out", socket, Optional.empty());
    this.packets = new Packets(settings.maxPacket());
  }

  /**
   * Connects; nothing is asked for yet.
   *
   * @throws IOException where the broker is away, or is another one
   */
  static BrokerLine open(BrokerSettings settings, Optional<SSLContext> tls) throws IOException {
    Socket raw = new Socket();
    try {
      raw.connect(
          new InetSocketAddress(settings.host(), settings.port()), (int) PATIENCE.toMillis());
      raw.setTcpNoDelay(true);
      raw.setSoTimeout((int) PATIENCE.toMillis());
      return new BrokerLine(settings, tls.isPresent() ? secured(raw, settings, tls.get()) : raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static Socket secured(Socket raw, BrokerSettings settings, SSLContext tls)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket(raw, settings.host(), settings.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(BrokerTls.VERSIONS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // its certificate has its name
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /**
   * Serves the connection until it ends.
   *
   * @param filters to be subscribed to at quality 1
   * @throws IOException where it ends, saying why
   */
  void serve(List<String> filters, Taker taker) throws IOException, InterruptedException {
    try {
      write(connect(settings));
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[8 * 1024];
      int silences = 0;
      while (true) {
        int length;
        try {
          length = in.read(bytes);
        } catch (SocketTimeoutException e) {
          if (!up || ++silences == SILENCES) {
            throw new IOException("it does not answer", e);
          }
          write(MqttMessage.PINGREQ);
          continue;
        }
        if (length < 0) {
          throw new IOException("it has hung up");
        }
        silences = 0;
        for (Packets.Packet packet : packets.read(bytes, length)) {
          take(packet, filters, taker);
        }
      }
    } finally {
      up = false;
      IOException why = new IOException("the connection has ended");
      waiting.values().forEach(one -> one.completeExceptionally(why));
      pipe.abort();
      packets.close();
    }
  }

  private void take(Packets.Packet packet, List<String> filters, Taker taker)
      throws IOException, InterruptedException {
    MqttMessage message = packet.message();
    if (message.decoderResult().isFailure()) {
      throw new IOException("it sent what is no packet", message.decoderResult().cause());
    }
    switch (message) {
      case MqttConnAckMessage answer -> {
        int code = answer.variableHeader().connectReturnCode().byteValue() & 0xFF;
        if (code != 0) {
          throw new IOException(
              "it refuses the office: " + answer.variableHeader().connectReturnCode());
        }
        socket.setSoTimeout(ASK_EVERY);
        write(subscribe(filters));
      }
      case MqttSubAckMessage answer -> {
        if (answer.payload().reasonCodes().stream().anyMatch(code -> code >= FAILED)) {
          throw new IOException("it refuses the subscriptions: see to its access list");
        }
        up = true;
      }
      case MqttPublishMessage publish -> taker.take(delivery(publish, packet.payload()));
      default -> {
        switch (message.fixedHeader().messageType()) {
          case PUBACK -> acknowledged(message);
          case DISCONNECT -> throw new IOException("it has closed the session: " + reason(message));
          default -> {} // PINGRESP
        }
      }
    }
  }

  private Delivery delivery(MqttPublishMessage publish, byte[] payload) throws IOException {
    String topic = publish.variableHeader().topicName();
    if (publish.fixedHeader().qosLevel() == MqttQoS.AT_MOST_ONCE) {
      return new Delivery(topic, payload, () -> {});
    }
    Due one = new Due(publish.variableHeader().packetId());
    synchronized (due) {
      if (due.size() >= settings.inFlight()) {
        throw new IOException("it sends more than it was allowed to");
      }
      due.addLast(one);
    }
    return new Delivery(topic, payload, () -> done(one));
  }

  private void done(Due one) {
    synchronized (due) {
      one.done = true;
      while (!due.isEmpty() && due.getFirst().done) {
        write(
            Replies.acknowledge(
                MqttQoS.AT_LEAST_ONCE, due.removeFirst().id, Replies.SUCCESS, true));
      }
    }
  }

  private void acknowledged(MqttMessage message) {
    if (message.variableHeader() instanceof MqttMessageIdVariableHeader header) {
      CompletableFuture<Integer> who = waiting.remove(header.messageId());
      if (who != null) {
        who.complete(
            header instanceof MqttPubReplyMessageVariableHeader reply
                ? reply.reasonCode() & 0xFF
                : 0);
      }
    }
  }

  private static String reason(MqttMessage message) {
    return message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
        ? "reason " + (header.reasonCode() & 0xFF)
        : "no reason given";
  }

  /** What it begins with. */
  static MqttMessage connect(BrokerSettings settings) {
    MqttProperties properties = new MqttProperties();
    number(
        properties, MqttProperties.SESSION_EXPIRY_INTERVAL, (int) settings.session().toSeconds());
    number(properties, MqttProperties.RECEIVE_MAXIMUM, settings.inFlight());
    number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, settings.maxPacket());
    Optional<BrokerSettings.Login> user = settings.user();
    return new MqttConnectMessage(
        fixed(MqttMessageType.CONNECT, MqttQoS.AT_MOST_ONCE),
        new MqttConnectVariableHeader(
            MqttVersion.MQTT_5.protocolName(),
            MqttVersion.MQTT_5.protocolLevel(),
            user.isPresent(),
            user.isPresent(),
            false,
            0,
            false,
            false,
            KEEP_ALIVE,
            properties),
        new MqttConnectPayload(
            settings.clientId(),
            MqttProperties.NO_PROPERTIES,
            null,
            null,
            user.map(BrokerSettings.Login::name).orElse(null),
            user.map(BrokerSettings.Login::password).map(Secret::copy).orElse(null)));
  }

  private MqttMessage subscribe(List<String> filters) {
    return new MqttSubscribeMessage(
        fixed(MqttMessageType.SUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
        MqttMessageIdVariableHeader.from(nextId()),
        new MqttSubscribePayload(
            filters.stream()
                .map(filter -> new MqttTopicSubscription(filter, MqttQoS.AT_LEAST_ONCE))
                .toList()));
  }

  /**
   * Publishes at quality 1.
   *
   * @param lasting how long the broker may keep it
   * @return the broker's reason code; fails where the connection ends before it
   */
  CompletableFuture<Integer> publish(String topic, byte[] payload, Duration lasting) {
    int id = nextId();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    MqttProperties properties = new MqttProperties();
    number(
        properties,
        MqttProperties.PUBLICATION_EXPIRY_INTERVAL,
        (int) Math.max(1, lasting.toSeconds()));
    write(
        new MqttPublishMessage(
            fixed(MqttMessageType.PUBLISH, MqttQoS.AT_LEAST_ONCE),
            new MqttPublishVariableHeader(topic, id, properties),
            Unpooled.wrappedBuffer(payload)));
    if (!up) {
      waiting.remove(id);
      answer.completeExceptionally(new IOException("the connection has ended"));
    }
    return answer;
  }

  private int nextId() {
    return ids.updateAndGet(n -> n % IDS + 1);
  }

  private static void number(MqttProperties properties, int id, int value) {
    properties.add(new MqttProperties.IntegerProperty(id, value));
  }

  private static MqttFixedHeader fixed(MqttMessageType type, MqttQoS qos) {
    return new MqttFixedHeader(type, false, qos, false, 0);
  }

  private void write(MqttMessage message) {
    packets.write(message).ifPresent(pipe::write);
  }

  /** Whether its subscriptions stand. */
  boolean isUp() {
    return up && !closed;
  }

  /** Takes its leave; its session stays. */
  @Override
  public void close() {
    closed = true;
    write(MqttMessage.DISCONNECT);
    pipe.close(PARTING, false);
  }
}

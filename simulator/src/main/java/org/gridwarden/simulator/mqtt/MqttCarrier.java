package org.gridwarden.simulator.mqtt;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/**
 * Carries messages by MQTT, at least once where nothing else is said, with a password. A meter's
 * will is the warning that it has sealed.
 */
public final class MqttCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FAILED = 128;

  private final InetSocketAddress headEnd;
  private final boolean five;
  private final int qos;
  private final Dress dress;

  /**
   * @param five MQTT 5, or 3.1.1
   */
  public MqttCarrier(InetSocketAddress headEnd, boolean five) {
    this(headEnd, five, 1);
  }

  /**
   * @param five MQTT 5, or 3.1.1
   * @param qos the quality of service of what goes up, 0 to 2; at 0 nothing is acknowledged
   */
  public MqttCarrier(InetSocketAddress headEnd, boolean five, int qos) {
    this(headEnd, five, qos, Dress.NONE);
  }

  /**
   * @param five MQTT 5, or 3.1.1
   * @param qos the quality of service of what goes up, 0 to 2; at 0 nothing is acknowledged
   */
  public MqttCarrier(InetSocketAddress headEnd, boolean five, int qos, Dress dress) {
    this.headEnd = headEnd;
    this.five = five;
    this.qos = qos;
    this.dress = dress;
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    Socket bare = new Socket();
    Socket socket;
    try {
      bare.connect(headEnd, (int) PATIENCE.toMillis());
      socket = dress.over(meter.id(), bare);
    } catch (IOException e) {
      bare.close();
      throw e;
    }
    MeterId id = meter.id();
    MqttOptions options =
        MqttOptions.of(id.value(), MessagePassword.of(id, meter.key()))
            .with(
                new MqttOptions.Will(
                    topic(id, MessageClass.WARNING),
                    meter.will().get(),
                    (int) PATIENCE.toSeconds()));
    MqttClient client =
        MqttClient.open(
            socket,
            five ? options : options.version3(),
            (topic, payload) -> meter.orders().accept(payload));
    try {
      if (within(client.connected()).code() != 0) {
        throw new IOException("the head-end refuses meter " + id);
      }
      var unused = within(client.subscribe("gw/" + id + "/down/control", 1));
    } catch (IOException | InterruptedException e) {
      client.close();
      throw e;
    }
    var told = client.ended().whenComplete((end, failure) -> meter.ended().run());
    return new Session(id, client, qos);
  }

  private static String topic(MeterId id, MessageClass kind) {
    return "gw/" + id + "/up/" + kind.word();
  }

  private static <T> T within(CompletableFuture<T> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the session has ended", e);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    }
  }

  private record Session(MeterId id, MqttClient client, int qos) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      if (within(client.publish(topic(id, kind), message, qos)) >= FAILED) {
        throw new IOException("the head-end refuses a message of meter " + id);
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }
}

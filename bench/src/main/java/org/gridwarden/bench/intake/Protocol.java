package org.gridwarden.bench.intake;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.channel.amqp.AmqpChannelFactory;
import org.gridwarden.channel.mqtt.MqttChannelFactory;
import org.gridwarden.core.Channel;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;

/** What meters send by: the office's endpoint, and their own end. */
enum Protocol {
  /** At quality of service 1. */
  MQTT {
    @Override
    Channel endpoint() {
      return new MqttChannelFactory().create(Map.of("tcp", FREE)).getFirst();
    }

    @Override
    Line open(Socket socket, MeterId meter, Secret password)
        throws IOException, InterruptedException, ExecutionException, TimeoutException {
      MqttClient client =
          MqttClient.open(socket, MqttOptions.of(meter.value(), password), (topic, payload) -> {});
      Line line =
          new Line() {
            @Override
            public CompletableFuture<Boolean> tell(byte[] message) throws IOException {
              return client
                  .publish("gw/" + meter + "/up/usage", message, 1)
                  .thenApply(reason -> reason < FAILED);
            }

            @Override
            public void close() {
              client.close();
            }
          };
      if (client.connected().get(PATIENCE_SECONDS, TimeUnit.SECONDS).code() != 0) {
        line.close();
        throw new IOException("meter " + meter + " was not accepted");
      }
      return line;
    }
  },

  /** At least once: the disposition follows the commit. */
  AMQP {
    /** A meter sends as fast as it can, which it may not otherwise. */
    @Override
    Channel endpoint() {
      return new AmqpChannelFactory()
          .create(Map.of("tcp", FREE, "rate", NO_LIMIT, "burst", NO_LIMIT))
          .getFirst();
    }

    @Override
    Line open(Socket socket, MeterId meter, Secret password)
        throws IOException, InterruptedException, ExecutionException, TimeoutException {
      AmqpLine line =
          AmqpLine.open(socket, AmqpLogin.plain(meter.value(), password))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return new Line() {
        @Override
        public CompletableFuture<Boolean> tell(byte[] message) {
          return line.send("gw/" + meter + "/up", message, AmqpLine.Guarantee.AT_LEAST_ONCE)
              .thenApply(AmqpLine.Outcome::accepted);
        }

        @Override
        public void close() {
          line.close();
        }
      };
    }
  };

  private static final Map<String, Object> FREE = Map.of("bind", "127.0.0.1", "port", 0);
  private static final int PATIENCE_SECONDS = 30;
  private static final int FAILED = 128;
  private static final int NO_LIMIT = 1_000_000;

  /** A meter's connection. */
  interface Line extends AutoCloseable {
    /**
     * Sends a message.
     *
     * @return whether the office took it, once it has said so
     */
    CompletableFuture<Boolean> tell(byte[] message) throws IOException;

    @Override
    void close();
  }

  /** The office's end, on a free port of its own. */
  abstract Channel endpoint();

  /**
   * The meter's end.
   *
   * @param socket connected; the line closes it
   * @throws IOException where the meter is not let in
   */
  abstract Line open(Socket socket, MeterId meter, Secret password)
      throws IOException, InterruptedException, ExecutionException, TimeoutException;
}
